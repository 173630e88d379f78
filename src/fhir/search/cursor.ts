import { Failure } from '#lib/failure.ts';
import type { Cursor, SortKey } from './request.ts';

/** The text of a cursor: the caller gives it back as it is. */
export const printCursor = ({ values, rid, total }: Cursor): string =>
  Buffer.from(JSON.stringify([rid, values, ...(total === undefined ? [] : [total])])).toString('base64url');

const refuse = (): Failure =>
  new Failure('value', '_cursor is not of this search. Take it from the next link of a page, unchanged.');

/** Fails with `value` unless it is a cursor of a search that is sorted by these keys. */
export function parseCursor(text: string, sort: readonly SortKey[]): Cursor {
  const [rid, values, total, ...others] = decode(text);
  if (!isWhole(rid) || !Array.isArray(values) || values.length !== sort.length || others.length > 0) throw refuse();
  if (total !== undefined && !isWhole(total)) throw refuse();
  if (!values.every((value, index) => isSortValue(value, sort[index]))) throw refuse();
  return { rid, values, ...(total !== undefined && { total }) };
}

function decode(text: string): unknown[] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(decoded)) return decoded;
  } catch {
    // Not JSON: refused below like anything else that is no cursor.
  }
  throw refuse();
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isSortValue(value: unknown, key: SortKey | undefined): boolean {
  if (value === null) return key?.source !== 'id' && key?.source !== 'updated';
  switch (key?.source) {
    case 'string':
    case 'token':
    case 'content':
    case 'id':
      return typeof value === 'string' && !value.includes('\u0000');
    case 'quantity':
      return typeof value === 'number' || value === 'Infinity' || value === '-Infinity';
    case 'date':
    case 'updated':
    case 'reference':
      return typeof value === 'string' && /^-?\d{1,18}$|^-?922337203685477580[78]$/.test(value);
    default:
      return false;
  }
}
