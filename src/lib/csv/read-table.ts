import { Failure } from '#lib/failure.ts';
import { decodeText } from './decode-text.ts';
import { parseCsv } from './parse-csv.ts';

/** A column by its name in the code, with the headings under which it may stand in a file; the first one is of templates. */
export interface Column<Name extends string> {
  name: Name;
  headings: readonly string[];
  isRequired: boolean;
}

export interface TableRow<Name extends string> {
  /** On which it begins, counted from 1 with the heading. */
  line: number;
  /** Empty where the file has no such column. */
  cells: Readonly<Record<Name, string>>;
}

/** Rows of a CSV file by the headings of its first line, in any order. Fails before the first row where one cannot be meant. */
export async function* readTable<Name extends string>(
  chunks: AsyncIterable<Uint8Array>,
  columns: readonly Column<Name>[],
): AsyncGenerator<TableRow<Name>> {
  let places: readonly Name[] | undefined;
  for await (const { line, fields } of parseCsv(decodeText(chunks))) {
    if (places === undefined) {
      places = readHeadings(fields, columns);
      continue;
    }
    const cells = Object.fromEntries(columns.map(({ name }) => [name, ''])) as Record<Name, string>;
    for (const [index, name] of places.entries()) cells[name] = fields[index] ?? '';
    yield { line, cells };
  }
  if (places === undefined) throw new Failure('required', 'The file is empty: its first line must name the columns.');
}

function readHeadings<Name extends string>(fields: readonly string[], columns: readonly Column<Name>[]): Name[] {
  const known = new Map(
    columns.flatMap(({ name, headings }) => [name, ...headings].map((heading) => [fold(heading), name])),
  );
  const filled = fields.slice(0, fields.findLastIndex((field) => field !== '') + 1);
  const places = filled.map((field) => {
    const name = known.get(fold(field));
    if (name !== undefined) return name;
    const names = columns.map(({ headings }) => headings[0]).join(', ');
    throw new Failure('value', `There is no column "${field.slice(0, 64)}". The columns are: ${names}.`);
  });
  const twice = places.find((name, index) => places.indexOf(name) !== index);
  if (twice !== undefined) throw new Failure('value', `The column ${twice} stands twice.`);
  const missing = columns.filter(({ name, isRequired }) => isRequired && !places.includes(name));
  if (missing.length === 0) return places;
  throw new Failure(
    'required',
    `The first line must also name: ${missing.map(({ headings }) => headings[0]).join(', ')}.`,
  );
}

const fold = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_*＊]/g, '');
