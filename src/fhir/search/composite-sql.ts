import { resourceTypeNumber } from '../definitions/index.ts';
import { compositeMask } from '../indexing/index.ts';
import { type Compiled, conjunction, type Rows, type WalkShape } from './compiled.ts';
import type { CompositeCondition, KeyTest, ReferenceTarget } from './condition.ts';
import { direction } from './key-sql.ts';
import { compileReference } from './link-sql.ts';
import { type RangeSource, rangeRow, rangeSource, testRange } from './range-sql.ts';
import { pathBase, type SqlBuilder } from './sql-builder.ts';
import { startsWith } from './string-sql.ts';
import { compileToken } from './token-sql.ts';

/** Keys as SQL, one or an array: bound when first used, since PostgreSQL refuses a value that no placeholder names. */
class Keys {
  readonly isOne: boolean;
  readonly #bindOne: () => string;
  readonly #bindMany: () => string;
  #one: string | undefined;
  #many: string | undefined;

  constructor(isOne: boolean, bindOne: () => string, bindMany: () => string) {
    this.isOne = isOne;
    this.#bindOne = bindOne;
    this.#bindMany = bindMany;
  }

  get one(): string {
    this.#one ??= this.#bindOne();
    return this.#one;
  }

  get many(): string {
    this.#many ??= this.#bindMany();
    return this.#many;
  }
}

/** The same element has all parts. */
export function compileComposite(sql: SqlBuilder, condition: CompositeCondition): Compiled {
  const { path, key, value, ranges } = condition;
  const mask = compositeMask(path);
  const keys = key ? keysOf(sql, key, mask) : keysOf(sql, [], mask, 0n);
  if (value) return compilePairs(sql, condition, keys, keysOf(sql, value, 0n));
  const table = ranges.length === 0 ? 'composite_string' : ranges.length === 1 ? 'composite_range' : 'composite_ranges';
  return compileValues(sql, condition, keys, table);
}

/** The keys that a test allows, each XOR the mask; what only the database knows is asked there. */
function keysOf(sql: SqlBuilder, test: KeyTest, mask: bigint, ...others: readonly bigint[]): Keys {
  const known = [...others, ...test.flatMap((part) => (part.is === 'token' ? part.keys : []))].map((key) => key ^ mask);
  const isAsked = test.some((part) => part.is === 'reference' || part.codes.length + part.systems.length > 0);
  const bindOne = (): string => sql.bind(known[0], 'int8');
  if (!isAsked) return new Keys(known.length === 1, bindOne, () => sql.bind(known, 'int8[]'));
  return new Keys(false, bindOne, () => {
    const asked = test.flatMap((part) =>
      part.is === 'token' ? dictionaryKeys(sql, part) : targetKeys(sql, part.targets),
    );
    const masked = asked.map((query) => `select a.key # ${sql.bind(mask, 'int8')} from (${query}) a (key)`);
    if (known.length > 0) masked.push(`select unnest(${sql.bind(known, 'int8[]')})`);
    const table = sql.table('keys', `select array(${masked.join(' union ')}) as list`);
    return `(select list from ${table})::int8[]`;
  });
}

function dictionaryKeys(sql: SqlBuilder, { paths, codes, systems }: KeyTest[number] & { is: 'token' }): string[] {
  return (
    [
      ['code', codes],
      ['system', systems],
    ] as const
  ).flatMap(([column, wanted]) =>
    wanted.length === 0
      ? []
      : [
          `select key from fhir.token_code where path = any (${sql.bind(paths, 'int4[]')}) and ${column} = any (${sql.bind(wanted, 'text[]')})`,
        ],
  );
}

function targetKeys(sql: SqlBuilder, targets: readonly ReferenceTarget[]): string[] {
  const bases = sql.bind(
    targets.map(({ path }) => pathBase(path)),
    'int8[]',
  );
  const ids = sql.bind(
    targets.map(({ id }) => id),
    'text[]',
  );
  const types = sql.bind(
    targets.map(({ type }) => resourceTypeNumber(type)),
    'int2[]',
  );
  return [
    `select w.base + r.rid from unnest(${bases}, ${ids}, ${types}) w (base, id, type) cross join lateral (select rid from fhir.resource where id = w.id collate "C" and type = w.type${sql.barrier}) r`,
  ];
}

const isAny = (keys: Keys): string => (keys.isOne ? `= ${keys.one}` : `= any (${keys.many})`);

/** Rows of two keys stand in the order of rids for each pair. */
function compilePairs(
  sql: SqlBuilder,
  { key = [], value = [] }: CompositeCondition,
  first: Keys,
  second: Keys,
): Compiled {
  const isWide = [...key, ...value].some((part) => part.is === 'token' && part.systems.length > 0);
  return {
    probe: (rid) => {
      const row = sql.alias('r');
      return `exists (select from fhir.composite_key ${row} where ${row}.rid = ${rid} and ${row}.key ${isAny(first)} and ${row}.value ${isAny(second)}${sql.barrier})`;
    },
    ...(!isWide && { walk: (shape) => pairWalk(sql, first, second, shape) }),
    rows: (limit) => pairRows(sql, first, second, limit),
  };
}

function pairWalk(sql: SqlBuilder, first: Keys, second: Keys, { where, descending, limit }: WalkShape): string {
  const row = sql.alias('w');
  const walk = (key: string, value: string): string => {
    const conditions = [`${row}.key = ${key}`, `${row}.value = ${value}`, ...where(`${row}.rid`)];
    return `select ${row}.rid from fhir.composite_key ${row} where ${conjunction(conditions)} order by ${row}.rid ${direction(descending)} limit ${limit}`;
  };
  if (first.isOne && second.isOne) return walk(first.one, second.one);
  const name = sql.alias('m');
  const pairs = `unnest(${first.many}) a (key) cross join unnest(${second.many}) b (value)`;
  return `select distinct ${name}.rid from ${pairs} cross join lateral (${walk('a.key', 'b.value')}) ${name} order by ${name}.rid ${direction(descending)} limit ${limit}`;
}

function pairRows(sql: SqlBuilder, first: Keys, second: Keys, limit?: number): Rows {
  const cut = sql.cut(limit);
  const scan = `select rid from fhir.composite_key where key = a.key and value ${isAny(second)}${cut}`;
  return {
    query: `select m.rid from unnest(${first.many}) a (key) cross join lateral (${scan}) m${cut}`,
    complete: [],
  };
}

type ValueTable = 'composite_range' | 'composite_ranges' | 'composite_string';

interface ValueTest {
  /** Joins what the values are compared with. */
  readonly from: string;
  conditions(row: string): string[];
  readonly order: string;
}

function valueTest(sql: SqlBuilder, { ranges, text }: CompositeCondition): ValueTest {
  if (text !== undefined) {
    const compare = startsWith(sql, text, (row) => `left(${row}.value, 64)`);
    return { from: '', conditions: (row) => [...compare(row)], order: 'left(value, 64), rid' };
  }
  const sources = ranges.map((range): RangeSource => rangeSource(sql, range, 'float8'));
  return {
    from: sources.map(({ from }) => from).join(''),
    conditions: (row) =>
      sources.flatMap((source, index) => {
        const second = { low: `${row}.second_low`, high: `${row}.second_high`, unit: `${row}.second_unit` };
        return testRange(source, index === 0 ? rangeRow(row) : second);
      }),
    order: 'low, rid',
  };
}

function compileValues(sql: SqlBuilder, condition: CompositeCondition, keys: Keys, table: ValueTable): Compiled {
  const { path, key = [], canWalk } = condition;
  const { from, conditions, order } = valueTest(sql, condition);
  let onPath: string | undefined;
  const probe = (rid: string): string => {
    onPath ??= sql.bind(path, 'int4');
    const row = sql.alias('r');
    const all = [`${row}.rid = ${rid}`, `${row}.path = ${onPath}`, `${row}.key ${isAny(keys)}`, ...conditions(row)];
    return `exists (select from fhir.${table} ${row}${from} where ${conjunction(all)}${sql.barrier})`;
  };
  const [only, ...others] = key;
  const walked = canWalk && others.length === 0 ? only : undefined;
  return {
    probe,
    ...(walked && {
      walk: (shape) => {
        const where = (rid: string): string[] => [probe(rid), ...shape.where(rid)];
        return compileKey(sql, walked).walk?.({ ...shape, where }) ?? '';
      },
    }),
    rows: (limit) => {
      const row = sql.alias('r');
      const cut = sql.cut(limit);
      const scan = `select ${row}.rid from fhir.${table} ${row} where ${conjunction([`${row}.key = a.key`, ...conditions(row)])} order by ${order}${cut}`;
      return {
        query: `select s.rid from unnest(${keys.many}) a (key)${from} cross join lateral (${scan}) s${cut}`,
        complete: [],
      };
    },
  };
}

const compileKey = (sql: SqlBuilder, part: KeyTest[number]): Compiled =>
  part.is === 'token' ? compileToken(sql, part) : compileReference(sql, part);
