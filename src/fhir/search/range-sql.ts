import type { Compiled } from './compiled.ts';
import { conjunction } from './compiled.ts';
import type { DateCondition, QuantityCondition, RangePart, RangeTest } from './condition.ts';
import { unitBounds, unitList } from './quantity-sql.ts';
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

/** The columns of a row that hold a range. */
export interface RangeRow {
  readonly low: string;
  readonly high: string;
  readonly unit: string;
}

/** SQL conditions on a row's low and high; the first of them, where there are two, is one that the index can use. */
type Comparison = (row: RangeRow, bounds: { readonly from: string; readonly to: string }) => readonly string[];

/** Both ranges half-open. `ge` and `le` are `eq` or `gt`, `eq` or `lt`, drawn together. */
const dateComparisons = {
  eq: (row, { from, to }) => [`${row.low} >= ${from}`, `${row.low} <= ${to}`, `${row.high} <= ${to}`],
  ne: (row, { from, to }) => [`(${row.low} < ${from} or ${row.high} > ${to})`],
  gt: (row, { to }) => [`${row.high} > ${to}`],
  lt: (row, { from }) => [`${row.low} < ${from}`],
  ge: (row, { from, to }) => [`(${row.low} >= ${from} or ${row.high} > ${to})`],
  le: (row, { from, to }) => [`${row.low} <= ${to}`, `(${row.low} < ${from} or ${row.high} <= ${to})`],
  sa: (row, { to }) => [`${row.low} >= ${to}`],
  eb: (row, { from }) => [`${row.low} < ${from}`, `${row.high} <= ${from}`],
  ap: (row, { from, to }) => [`${row.low} < ${to}`, `${row.high} > ${from}`],
} satisfies Record<RangeTest['prefix'], Comparison>;

/** Of what reaches up to a time between two microseconds, only the point before it ends before it. */
const endsBeforePoint: Comparison = (row, { from }) => [
  `${row.low} < ${from}`,
  `(${row.high} < ${from} or (${row.high} = ${from} and ${row.low} = ${from} - 1))`,
];

/** Rows closed, most of them points; the bounds of a written precision half-open. */
const numberComparisons = {
  eq: (row, { from, to }) => [`${row.low} >= ${from}`, `${row.low} < ${to}`, `${row.high} < ${to}`],
  ne: (row, { from, to }) => [`(${row.low} < ${from} or ${row.high} >= ${to})`],
  gt: (row, { to }) => [`${row.high} > ${to}`],
  lt: (row, { from }) => [`${row.low} < ${from}`],
  ge: (row, { from }) => [`${row.high} >= ${from}`],
  le: (row, { to }) => [`${row.low} <= ${to}`],
  sa: (row, { to }) => [`${row.low} > ${to}`],
  eb: (row, { from }) => [`${row.low} < ${from}`, `${row.high} < ${from}`],
  ap: (row, { from, to }) => [`${row.low} <= ${to}`, `${row.high} >= ${from}`],
} satisfies Record<RangeTest['prefix'], Comparison>;

/**
 * Where an upper bound alone would read every row: points beyond the bound are found by `low`, ranges that begin before it by
 * an index of their own. What both find together is what the comparison finds.
 */
const numberScans: Partial<Record<RangeTest['prefix'], readonly Comparison[]>> = {
  gt: [
    (row, { to }) => [`${row.low} > ${to}`],
    (row, { to }) => [`${row.low} < ${row.high}`, `${row.high} > ${to}`, `${row.low} <= ${to}`],
  ],
  ge: [
    (row, { from }) => [`${row.low} >= ${from}`],
    (row, { from }) => [`${row.low} < ${row.high}`, `${row.high} >= ${from}`, `${row.low} < ${from}`],
  ],
};

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
} satisfies Record<RangeTest['prefix'], (at: string, bounds: { from: string; to: string }) => readonly string[]>;

/** SQL conditions on a column that holds microseconds. */
export function instantTest(sql: SqlBuilder, test: RangeTest): (column: string) => readonly string[] {
  const bounds = new Bounds(test, (value) => sql.bind(int8(value), 'int8'));
  return (column) => instantComparisons[test.prefix](column, bounds);
}

/** What a kept range is compared with: constants, or the rows of a table, which `from` joins to. */
export interface RangeSource {
  readonly from: string;
  /** An array of the units that are meant; absent when any will do. */
  readonly units?: string;
  compare(row: RangeRow): readonly string[];
  /** The comparison in pieces, each of which an index can answer. */
  readonly scans?: readonly ((row: RangeRow) => readonly string[])[];
}

/** The comparison of a test, with bounds in the type of the columns. */
export function rangeSource(sql: SqlBuilder, { kind, test, unit }: RangePart, type: 'int8' | 'float8'): RangeSource {
  const comparison = kind === 'date' ? dateComparison(test) : numberComparisons[test.prefix];
  const byUnit = unit && unitBounds(sql, test, unit);
  if (byUnit) {
    const row = sql.alias('g');
    const bounds = { from: `${row}.low`, to: `${row}.high` };
    return {
      from: ` cross join ${byUnit} ${row}`,
      units: `${row}.units`,
      compare: (kept) => comparison(kept, bounds),
      ...scansOf(kind, test, bounds),
    };
  }
  const bounds = new Bounds(test, (value) => sql.bind(type === 'int8' ? int8(value) : value, type));
  return {
    from: '',
    ...(unit && { units: unitList(sql, unit) }),
    compare: (kept) => comparison(kept, bounds),
    ...scansOf(kind, test, bounds),
  };
}

function scansOf(
  kind: RangePart['kind'],
  { prefix }: RangeTest,
  bounds: { readonly from: string; readonly to: string },
): Pick<RangeSource, 'scans'> {
  const scans = kind === 'quantity' ? numberScans[prefix] : undefined;
  return scans ? { scans: scans.map((scan) => (row) => scan(row, bounds)) } : {};
}

/** The whole test of a row. */
export const testRange = ({ units, compare }: RangeSource, row: RangeRow): string[] => [
  ...compare(row),
  ...(units ? [`${row.unit} = any (${units})`] : []),
];

function dateComparison(test: RangeTest): Comparison {
  const isBetweenMicroseconds = test.prefix === 'eb' && test.from === test.to;
  return isBetweenMicroseconds ? endsBeforePoint : dateComparisons[test.prefix];
}

export const compileDate = (sql: SqlBuilder, { paths, test }: DateCondition): Compiled =>
  compileRanges(sql, 'date', paths, rangeSource(sql, { kind: 'date', test }, 'int8'));

export const compileQuantity = (sql: SqlBuilder, { paths, test, unit }: QuantityCondition): Compiled =>
  compileRanges(sql, 'quantity', paths, rangeSource(sql, { kind: 'quantity', test, ...(unit && { unit }) }, 'float8'));

export const rangeRow = (row: string): RangeRow => ({ low: `${row}.low`, high: `${row}.high`, unit: `${row}.unit` });

function compileRanges(
  sql: SqlBuilder,
  table: 'date' | 'quantity',
  paths: readonly number[],
  source: RangeSource,
): Compiled {
  const { from, units, compare, scans = [compare] } = source;
  const onPaths = sql.bind(paths, 'int4[]');
  return {
    probe: (rid) => {
      const row = sql.alias('r');
      return `exists (select from fhir.${table} ${row}${from} where ${conjunction([`${row}.rid = ${rid}`, `${row}.path = any (${onPaths})`, ...testRange(source, rangeRow(row))])}${sql.barrier})`;
    },
    rows: (limit) => {
      const cut = sql.cut(limit);
      const queries = scans.map((scan) => {
        const [path, row, unit] = [sql.alias('p'), sql.alias('r'), sql.alias('u')];
        const places = [`${row}.path = ${path}.path`, ...(units ? [`${row}.unit = ${unit}.unit`] : [])];
        const eachUnit = units ? ` cross join unnest(${units}) ${unit} (unit)` : '';
        const rows = `select ${row}.rid from fhir.${table} ${row} where ${conjunction([...places, ...scan(rangeRow(row))])} order by ${row}.low, ${row}.rid${cut}`;
        return `select s.rid from unnest(${onPaths}) ${path} (path)${from}${eachUnit} cross join lateral (${rows}) s${cut}`;
      });
      return {
        query: queries.length === 1 ? queries.join() : queries.map((query) => `(${query})`).join(' union all '),
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
