import { Failure } from '#lib/failure.ts';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import { objectsAt } from '../element.ts';
import type { ConceptSource } from '../hierarchy.ts';
import { readCsv } from './csv.ts';

/** What a column of the file is. */
type Column =
  | { kind: 'code' | 'display' | 'definition' | 'parent' | 'inactive' | 'notSelectable' | 'ignored' }
  | { kind: 'designation'; language: string | undefined }
  | { kind: 'property'; code: string };

const plainColumns = new Set(['code', 'display', 'definition', 'parent', 'inactive', 'notSelectable']);
const mostColumns = 200;

/** The concepts of a file, and the properties that its header names. */
export interface LoadedConcepts {
  readonly sources: readonly ConceptSource[];
  readonly properties: readonly string[];
}

/**
 * Concepts from a CSV file. Its header names the columns: `code` (required), `display`, `definition`, `parent` (codes,
 * divided by |), `inactive`, `notSelectable` (true or false), `designation` or `designation:<language>` (texts, divided by
 * |), and any other name for a property (values, divided by |).
 */
export async function readConceptFile(
  chunks: AsyncIterable<string>,
  onRow: (rows: number) => void = () => {},
): Promise<LoadedConcepts> {
  let columns: Column[] | undefined;
  const sources: ConceptSource[] = [];
  const seen = new Set<string>();
  for await (const row of readCsv(chunks)) {
    if (!columns) {
      columns = row.map(toColumn);
      if (!columns.some(({ kind }) => kind === 'code')) throw noCodeColumn(row);
      continue;
    }
    const source = toSource(columns, row, sources.length + 2);
    if (seen.has(source.code)) throw twice(source.code, sources.length + 2);
    seen.add(source.code);
    sources.push(source);
    onRow(sources.length);
  }
  if (!columns) throw new Failure('structure', 'The file is empty. Its first line names the columns.');
  checkParents(sources, seen);
  return { sources, properties: columns.flatMap((column) => (column.kind === 'property' ? [column.code] : [])) };
}

const noCodeColumn = (row: string[]): Failure =>
  new Failure('structure', `The first line must name the column "code"; it names ${row.slice(0, 10).join(', ')}.`);

const twice = (code: string, row: number): Failure =>
  new Failure('invalid', `Row ${row} has the code ${code} again. Each code stands once; it may have several parents.`);

function toColumn(name: string, index: number): Column {
  const title = name.trim();
  if (index >= mostColumns) throw new Failure('structure', `The file has more than ${mostColumns} columns.`);
  if (plainColumns.has(title)) return { kind: title as 'code' };
  if (title === '') return { kind: 'ignored' };
  const designation = /^designation(?::(.+))?$/.exec(title);
  if (designation) return { kind: 'designation', language: designation[1] };
  return { kind: 'property', code: title.replace(/^property:/, '') };
}

const split = (text: string): string[] =>
  text
    .split('|')
    .map((one) => one.trim())
    .filter((one) => one !== '');

function toSource(columns: readonly Column[], row: readonly string[], line: number): ConceptSource {
  if (row.length > columns.length) {
    throw new Failure('structure', `Row ${line} has ${row.length} fields, the header ${columns.length}. Quote commas.`);
  }
  const [designation, property]: [JsonObject[], JsonObject[]] = [[], []];
  const texts: Record<string, string> = {};
  const parents: string[] = [];
  for (const [index, column] of columns.entries()) {
    const text = (row[index] ?? '').trim();
    if (text === '') continue;
    if (column.kind === 'designation')
      designation.push(...split(text).map((value) => toDesignation(value, column.language)));
    else if (column.kind === 'property') property.push(...split(text).map((value) => toProperty(column.code, value)));
    else if (column.kind === 'parent') parents.push(...split(text));
    else if (column.kind === 'inactive' || column.kind === 'notSelectable')
      property.push(toFlag(column.kind, text, line));
    else texts[column.kind] = text;
  }
  if (texts.code === undefined) throw new Failure('structure', `Row ${line} has no code.`);
  const content: JsonObject = {
    ...(texts.definition !== undefined && { definition: texts.definition }),
    ...(designation.length > 0 && { designation }),
    ...(property.length > 0 && { property }),
  };
  return { code: texts.code, display: texts.display, content, parents: [...new Set(parents)] };
}

const toDesignation = (value: string, language: string | undefined): JsonObject => ({
  ...(language !== undefined && { language }),
  value,
});

function toFlag(code: string, text: string, line: number): JsonObject {
  if (text === 'true' || text === 'false') return { code, valueBoolean: text === 'true' };
  throw new Failure('value', `Row ${line} has "${text.slice(0, 50)}" as ${code}; write true or false.`);
}

function toProperty(code: string, text: string): JsonObject {
  const isBoolean = text === 'true' || text === 'false';
  const value: Record<string, JsonValue> = isBoolean ? { valueBoolean: text === 'true' } : { valueString: text };
  return { code, ...value };
}

function checkParents(sources: readonly ConceptSource[], known: ReadonlySet<string>): void {
  const missing = sources.flatMap(({ code, parents }) =>
    parents.filter((parent) => !known.has(parent)).map((parent) => `${parent} (of ${code})`),
  );
  if (missing.length === 0) return;
  throw new Failure('invalid', `${missing.length} parents are not in the file: ${missing.slice(0, 5).join(', ')}.`);
}

/** Whether a property is a boolean, or text, wherever it is used. */
export function propertyDefinitions({ sources, properties }: LoadedConcepts): JsonObject[] {
  const textual = new Set<string>();
  const used = new Set<string>();
  for (const { content } of sources) {
    for (const property of objectsAt(content, 'property')) {
      used.add(String(property.code));
      if (property.valueString !== undefined) textual.add(String(property.code));
    }
  }
  const codes = [...new Set([...properties, ...used])];
  return codes.map((code) => ({ code, type: textual.has(code) || !used.has(code) ? 'string' : 'boolean' }));
}
