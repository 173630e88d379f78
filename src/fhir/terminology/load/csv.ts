import { Failure } from '#lib/failure.ts';

const longestField = 1_000_000;

/**
 * The rows of a comma-separated file as RFC 4180 has it: fields in double quotes may contain commas, line breaks and
 * doubled quotes. A byte order mark and empty lines are passed over. https://www.rfc-editor.org/rfc/rfc4180
 */
export async function* readCsv(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string[]> {
  const reader = new CsvReader();
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}

class CsvReader {
  #row: string[] = [];
  #field = '';
  #isQuoted = false;
  /** The last character was a quote within a quoted field: the end of it, or half of a doubled one. */
  #isQuoteOpen = false;
  #line = 1;
  #isFirst = true;

  *push(chunk: string): Generator<string[]> {
    const text = this.#isFirst ? chunk.replace(/^\ufeff/, '') : chunk;
    if (text !== '') this.#isFirst = false;
    for (const character of text) {
      if (character === '\n') this.#line++;
      if (character === '\0') this.#fail('The file contains the character NUL');
      const row = this.#isQuoted ? this.#inQuotes(character) : this.#outside(character);
      if (row) yield row;
      if (this.#field.length > longestField) this.#fail(`A field is longer than ${longestField} characters`);
    }
  }

  #inQuotes(character: string): string[] | undefined {
    if (this.#isQuoteOpen) {
      this.#isQuoteOpen = false;
      if (character === '"') {
        this.#field += '"';
        return undefined;
      }
      this.#isQuoted = false;
      return this.#outside(character);
    }
    if (character === '"') this.#isQuoteOpen = true;
    else this.#field += character;
    return undefined;
  }

  #outside(character: string): string[] | undefined {
    if (character === '"' && this.#field === '') this.#isQuoted = true;
    else if (character === ',') this.#endField();
    else if (character === '\n') return this.#endRow();
    else if (character !== '\r') this.#field += character;
    return undefined;
  }

  #endField(): void {
    this.#row.push(this.#field);
    this.#field = '';
  }

  #endRow(): string[] | undefined {
    this.#endField();
    const row = this.#row;
    this.#row = [];
    return row.length === 1 && row[0] === '' ? undefined : row;
  }

  *end(): Generator<string[]> {
    if (this.#isQuoted && !this.#isQuoteOpen) this.#fail('A quoted field is not closed');
    if (this.#field === '' && this.#row.length === 0) return;
    const row = this.#endRow();
    if (row) yield row;
  }

  #fail(problem: string): never {
    throw new Failure('structure', `${problem}, near line ${this.#line}. Correct the file.`);
  }
}
