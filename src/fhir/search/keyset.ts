import type { Cursor } from './request.ts';
import type { CompiledSort } from './sort-sql.ts';
import type { SqlBuilder } from './sql-builder.ts';

const direction = (descending: boolean): string => (descending ? 'desc' : 'asc');

/** Rows that are equal otherwise go by rid, in the direction of the first key; newest first where nothing is sorted by. */
export const isRidDescending = (sorts: readonly CompiledSort[]): boolean => sorts[0]?.descending ?? true;

/** The order of a page, by the columns `s1`, `s2` ... and `rid` of a row. Missing values come last, either way. */
export function pageOrder(sorts: readonly CompiledSort[], row: string): string {
  const keys = sorts.map(({ descending }, index) => `${row}.s${index + 1} ${direction(descending)} nulls last`);
  return [...keys, `${row}.rid ${direction(isRidDescending(sorts))}`].join(', ');
}

/** An SQL condition: a row with these sort values and this rid comes after the cursor, in the order of the page. */
export function afterCursor(
  sql: SqlBuilder,
  sorts: readonly CompiledSort[],
  cursor: Cursor,
  row: { readonly values: readonly string[]; readonly rid: string },
): string {
  const beyond = (descending: boolean): string => (descending ? '<' : '>');
  let condition = `${row.rid} ${beyond(isRidDescending(sorts))} ${sql.bind(cursor.rid, 'int8')}`;
  for (const [index, { descending, type }] of [...sorts.entries()].reverse()) {
    const value = row.values[index];
    const last = cursor.values[index];
    if (last === null || last === undefined) {
      condition = `(${value} is null and ${condition})`;
      continue;
    }
    const bound = sql.bind(last, type);
    condition = `(${value} ${beyond(descending)} ${bound} or ${value} is null or (${value} = ${bound} and ${condition}))`;
  }
  return condition;
}

/** For a walk along the first key: where the index may begin. */
export function fromCursor(sql: SqlBuilder, sort: CompiledSort, cursor: Cursor, value: string): string[] {
  const [last] = cursor.values;
  if (last === null || last === undefined) return [];
  return [`${value} ${sort.descending ? '<=' : '>='} ${sql.bind(last, sort.type)}`];
}
