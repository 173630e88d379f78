import { Failure } from '#lib/failure.ts';

/** A record of a CSV file, with the line on which it begins. */
export interface CsvRecord {
  line: number;
  fields: string[];
}

const mostFieldLength = 10_000;
const mostFields = 200;

/**
 * Records of comma-separated text (RFC 4180): quoted fields may hold commas, line ends and doubled quotes. Empty lines are
 * left out. https://www.rfc-editor.org/rfc/rfc4180
 */
export async function* parseCsv(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const parser = new CsvParser();
  for await (const piece of text) yield* parser.push(piece);
  yield* parser.end();
}

class CsvParser {
  #fields: string[] = [];
  #field = '';
  #isQuoted = false;
  /** Of a quoted field: a quotation mark that ends it, or the first of two. */
  #isAfterQuote = false;
  #line = 1;
  #start = 1;
  #isFirst = true;

  *push(piece: string): Generator<CsvRecord> {
    for (const character of this.#isFirst ? piece.replace(/^\uFEFF/, '') : piece) {
      if (character === '\n') this.#line++;
      if (this.#isQuoted && !this.#isAfterQuote) {
        if (character === '"') this.#isAfterQuote = true;
        else this.#add(character);
      } else if (character === '"' && (this.#isAfterQuote || this.#field === '')) this.#quote();
      else if (character === ',') this.#endField();
      else if (character === '\n') yield* this.#endRecord();
      else if (character !== '\r') this.#add(character);
    }
    this.#isFirst = false;
  }

  *end(): Generator<CsvRecord> {
    if (this.#isQuoted && !this.#isAfterQuote) {
      throw new Failure('structure', `The quotation mark on line ${this.#start} is not closed.`);
    }
    yield* this.#endRecord();
  }

  #quote(): void {
    if (this.#isAfterQuote) this.#add('"');
    this.#isQuoted = true;
    this.#isAfterQuote = false;
  }

  #add(character: string): void {
    if (this.#field.length >= mostFieldLength) {
      throw new Failure('too-long', `A field on line ${this.#start} has more than ${mostFieldLength} characters.`);
    }
    this.#field += character;
  }

  #endField(): void {
    if (this.#fields.length >= mostFields) {
      throw new Failure('too-long', `Line ${this.#start} has more than ${mostFields} fields.`);
    }
    this.#fields.push(this.#field.trim());
    this.#field = '';
    this.#isQuoted = false;
    this.#isAfterQuote = false;
  }

  *#endRecord(): Generator<CsvRecord> {
    this.#endField();
    const record = { line: this.#start, fields: this.#fields };
    this.#fields = [];
    this.#start = this.#line;
    if (record.fields.some((field) => field !== '')) yield record;
  }
}

/** A field as it is written; quoted where it must be, and never taken for a formula by a spreadsheet. */
export function printCsvField(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
