import type { Compiled } from './compiled.ts';
import { conjunction } from './compiled.ts';
import type { DateCondition, QuantityCondition, RangeTest } from './condition.ts';
import type { SqlBuilder } from './sql-builder.ts';

/** The searched bounds as placeholders, bound when first used: PostgreSQL refuses a value that no placeholder names. */
class Bounds {
  readonly #bind: (value: number) => string;
  readonly #test: RangeTest;
  #from: string | undefined;
  #to: string | undefined;

  constructor(test: RangeTest, bind: (value: number) => string) {
    this.#test = test;
    this.#bind = bind;
  }

  get from(): string {
    this.#from ??= this.#bind(this.#test.from);
    return this.#from;
  }

  get to(): string {
    this.#to ??= this.#bind(this.#test.to);
    return this.#to;
  }
}

/** SQL conditions on a row's low and high; the first of them, where there are two, is one that the index can use. */
type Comparison = (row: string, bounds: { readonly from: string; readonly to: string }) => readonly string[];

/** Both ranges half-open. `ge` and `le` are `eq` or `gt`, `eq` or `lt`, drawn together. */
const dateComparisons = {
  eq: (row, { from, to }) => [`${row}.low >= ${from}`, `${row}.low <= ${to}`, `${row}.high <= ${to}`],
  ne: (row, { from, to }) => [`(${row}.low < ${from} or ${row}.high > ${to})`],
  gt: (row, { to }) => [`${row}.high > ${to}`],
  lt: (row, { from }) => [`${row}.low < ${from}`],
  ge: (row, { from, to }) => [`(${row}.low >= ${from} or ${row}.high > ${to})`],
  le: (row, { from, to }) => [`${row}.low <= ${to}`, `(${row}.low < ${from} or ${row}.high <= ${to})`],
  sa: (row, { to }) => [`${row}.low >= ${to}`],
  eb: (row, { from }) => [`${row}.low < ${from}`, `${row}.high <= ${from}`],
  ap: (row, { from, to }) => [`${row}.low < ${to}`, `${row}.high > ${from}`],
} satisfies Record<RangeTest['prefix'], Comparison>;

/** Of what reaches up to a time between two microseconds, only the point before it ends before it. */
const endsBeforePoint: Comparison = (row, { from }) => [
  `${row}.low < ${from}`,
  `(${row}.high < ${from} or (${row}.high = ${from} and ${row}.low = ${from} - 1))`,
];

/** Rows closed, most of them points; the bounds of a written precision half-open. */
const numberComparisons = {
  eq: (row, { from, to }) => [`${row}.low >= ${from}`, `${row}.low < ${to}`, `${row}.high < ${to}`],
  ne: (row, { from, to }) => [`(${row}.low < ${from} or ${row}.high >= ${to})`],
  gt: (row, { to }) => [`${row}.high > ${to}`],
  lt: (row, { from }) => [`${row}.low < ${from}`],
  ge: (row, { from }) => [`${row}.high >= ${from}`],
  le: (row, { to }) => [`${row}.low <= ${to}`],
  sa: (row, { to }) => [`${row}.low > ${to}`],
  eb: (row, { from }) => [`${row}.low < ${from}`, `${row}.high < ${from}`],
  ap: (row, { from, to }) => [`${row}.low <= ${to}`, `${row}.high >= ${from}`],
} satisfies Record<RangeTest['prefix'], Comparison>;

/** An instant: `_lastUpdated`. */
const instantComparisons = {
  eq: (at, { from, to }) => [`${at} >= ${from}`, `${at} < ${to}`],
  ne: (at, { from, to }) => [`(${at} < ${from} or ${at} >= ${to})`],
  gt: (at, { to }) => [`${at} >= ${to}`],
  lt: (at, { from }) => [`${at} < ${from}`],
  ge: (at, { from }) => [`${at} >= ${from}`],
  le: (at, { to }) => [`${at} < ${to}`],
  sa: (at, { to }) => [`${at} >= ${to}`],
  eb: (at, { from }) => [`${at} < ${from}`],
  ap: (at, { from, to }) => [`${at} >= ${from}`, `${at} < ${to}`],
} satisfies Record<RangeTest['prefix'], Comparison>;

/** SQL conditions on a column that holds microseconds. */
export function instantTest(sql: SqlBuilder, test: RangeTest): (column: string) => readonly string[] {
  const bounds = new Bounds(test, (value) => sql.bind(int8(value), 'int8'));
  return (column) => instantComparisons[test.prefix](column, bounds);
}

export function compileDate(sql: SqlBuilder, { paths, test }: DateCondition): Compiled {
  const bounds = new Bounds(test, (value) => sql.bind(int8(value), 'int8'));
  const isBetweenMicroseconds = test.prefix === 'eb' && test.from === test.to;
  const compare = isBetweenMicroseconds ? endsBeforePoint : dateComparisons[test.prefix];
  return compileRanges(sql, 'date', paths, (row) => compare(row, bounds));
}

export function compileQuantity(sql: SqlBuilder, { paths, test, unit }: QuantityCondition): Compiled {
  const bounds = new Bounds(test, (value) => sql.bind(value, 'float8'));
  const units = unit && unitList(sql, unit);
  return compileRanges(sql, 'quantity', paths, (row) => [
    ...numberComparisons[test.prefix](row, bounds),
    ...(units ? [`${row}.unit = any (${units})`] : []),
  ]);
}

/** The numbers of the units that are meant: a code without a system also stands for the printed unit. */
function unitList(sql: SqlBuilder, { system, code }: { system?: string; code?: string }): string {
  const conditions: string[] = [];
  if (system !== undefined) conditions.push(`system = ${sql.bind(system, 'text')}`);
  if (code !== undefined) {
    const wanted = sql.bind(code, 'text');
    conditions.push(system === undefined ? `(code = ${wanted} or name = ${wanted})` : `code = ${wanted}`);
  }
  const table = sql.table('units', `select array(select unit from fhir.unit where ${conjunction(conditions)}) as list`);
  return `(select list from ${table})::int4[]`;
}

function compileRanges(
  sql: SqlBuilder,
  table: 'date' | 'quantity',
  paths: readonly number[],
  compare: (row: string) => readonly string[],
): Compiled {
  const onPaths = sql.bind(paths, 'int4[]');
  return {
    probe: (rid) => {
      const row = sql.alias('r');
      return `exists (select from fhir.${table} ${row} where ${conjunction([`${row}.rid = ${rid}`, `${row}.path = any (${onPaths})`, ...compare(row)])}${sql.barrier})`;
    },
    rows: (limit) => {
      const path = sql.alias('p');
      const row = sql.alias('r');
      const cut = sql.cut(limit);
      const scan = `select ${row}.rid from fhir.${table} ${row} where ${conjunction([`${row}.path = ${path}.path`, ...compare(row)])} order by ${row}.low, ${row}.rid${cut}`;
      return {
        query: `select s.rid from unnest(${onPaths}) ${path} (path) cross join lateral (${scan}) s${cut}`,
        complete: [],
      };
    },
  };
}

/** Open ends stand in the index as the least and greatest int8. */
export function int8(value: number): string {
  if (value >= 2 ** 63) return '9223372036854775807';
  if (value <= -(2 ** 63)) return '-9223372036854775808';
  return String(BigInt(Math.trunc(value)));
}
