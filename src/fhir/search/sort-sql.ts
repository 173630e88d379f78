import { conjunction } from './compiled.ts';
import type { SortKey } from './request.ts';
import { typeNumbers } from './resource-sql.ts';
import { keyRange, ridMask, type SqlBuilder } from './sql-builder.ts';

/** A sort key as SQL. Among several values of a resource the least counts, or, descending, the greatest. */
export interface CompiledSort {
  /** SQL type of the values. */
  readonly type: 'int8' | 'float8' | 'text';
  readonly descending: boolean;
  /** A scalar: the resource's value, null when it has none. */
  value(rid: string): string;
  /** A query for rid and sort value `s1` in order, for resources that have one. */
  walk(shape: SortWalkShape): string;
  /** Undefined when every resource has a value. */
  missing: ((rid: string) => string) | undefined;
}

export interface SortWalkShape {
  /** SQL conditions on a row, given its sort value and rid. */
  where(value: string, rid: string): readonly string[];
  /** ` limit n`, or nothing. */
  readonly limit: string;
  /** The order of rids where values are equal, if it is not that of the values. */
  readonly ridDescending?: boolean;
}

export function compileSort(sql: SqlBuilder, key: SortKey, types: readonly string[]): CompiledSort {
  switch (key.source) {
    case 'date':
      return valueSort(sql, key, { table: 'date', type: 'int8', column: (row) => `${row}.low` });
    case 'quantity':
      return valueSort(sql, key, { table: 'quantity', type: 'float8', column: (row) => `${row}.low` });
    case 'string':
      return valueSort(sql, key, { table: 'string', type: 'text', column: (row) => `left(${row}.value, 64)` });
    case 'reference':
      return referenceSort(sql, key);
    case 'token':
      return tokenSort(sql, key);
    case 'content':
      return contentSort(sql, key);
    case 'updated':
      return columnSort(sql, key, types, 'updated');
    case 'id':
      return columnSort(sql, key, types, 'id');
  }
}

const order = (descending: boolean): string => (descending ? 'desc' : 'asc');
const extreme = (descending: boolean): string => (descending ? 'max' : 'min');
/** The sign between a value and one that counts before it. */
const before = (descending: boolean): string => (descending ? '>' : '<');

interface ValueTable {
  readonly table: 'date' | 'quantity' | 'string';
  readonly type: CompiledSort['type'];
  readonly column: (row: string) => string;
}

function valueSort(sql: SqlBuilder, { paths, descending }: SortKey, { table, type, column }: ValueTable): CompiledSort {
  const onPaths = sql.bind(paths, 'int4[]');
  const ofResource = (row: string, rid: string): string => `${row}.rid = ${rid} and ${row}.path = any (${onPaths})`;
  const onePath = (path: string, { where, limit, ridDescending = descending }: SortWalkShape): string => {
    const row = sql.alias('d');
    const other = sql.alias('e');
    const value = column(row);
    // The row of a resource that counts is the one before which there is no other.
    const isFirst = `not exists (select from fhir.${table} ${other} where ${ofResource(other, `${row}.rid`)} and ${column(other)} ${before(descending)} ${value} offset 0)`;
    const conditions = [`${row}.path = ${path}`, ...where(value, `${row}.rid`), isFirst];
    return `select distinct on (${value}, ${row}.rid) ${row}.rid, ${value} as s1 from fhir.${table} ${row} where ${conjunction(conditions)} order by ${value} ${order(descending)}, ${row}.rid ${order(ridDescending)}${limit}`;
  };
  return {
    type,
    descending,
    value: (rid) => {
      const row = sql.alias('v');
      return `(select ${extreme(descending)}(${column(row)}) from fhir.${table} ${row} where ${ofResource(row, rid)})`;
    },
    walk: (shape) => overPaths(sql, paths, descending, shape, onePath),
    missing: (rid) => {
      const row = sql.alias('n');
      return `not exists (select from fhir.${table} ${row} where ${ofResource(row, rid)} offset 0)`;
    },
  };
}

/** Each path is walked in its own order, and the first of each are merged. */
function overPaths(
  sql: SqlBuilder,
  paths: readonly number[],
  descending: boolean,
  shape: SortWalkShape,
  onePath: (path: string, shape: SortWalkShape) => string,
): string {
  if (paths.length === 1) return onePath(sql.bind(paths[0], 'int4'), shape);
  const path = sql.alias('p');
  const walk = sql.alias('m');
  return `select distinct on (${walk}.s1, ${walk}.rid) ${walk}.rid, ${walk}.s1 from unnest(${sql.bind(paths, 'int4[]')}) ${path} (path) cross join lateral (${onePath(`${path}.path`, shape)}) ${walk} order by ${walk}.s1 ${order(descending)}, ${walk}.rid ${order(shape.ridDescending ?? descending)}${shape.limit}`;
}

/** By the number of the target: what refers to the same resource stands together. */
function referenceSort(sql: SqlBuilder, { paths, descending }: SortKey): CompiledSort {
  const ranges = paths.map((path) => keyRange(path));
  const firsts = sql.bind(
    ranges.map(({ first }) => first),
    'int8[]',
  );
  const lasts = sql.bind(
    ranges.map(({ last }) => last),
    'int8[]',
  );
  const target = (row: string): string => `(${row}.key & ${ridMask})`;
  const targetsOf = (rid: string): string => {
    const range = sql.alias('g');
    const row = sql.alias('f');
    return `select ${target('r')} as target from unnest(${firsts}, ${lasts}) ${range} (first, last) cross join lateral (select ${row}.key from fhir.reference ${row} where ${row}.rid = ${rid} and ${row}.key between ${range}.first and ${range}.last offset 0) r`;
  };
  return {
    type: 'int8',
    descending,
    value: (rid) => `(select ${extreme(descending)}(target) from (${targetsOf(rid)}) t)`,
    walk: ({ where, limit, ridDescending = descending }) => {
      const range = sql.alias('g');
      const row = sql.alias('f');
      const isFirst = `not exists (select from (${targetsOf(`${row}.rid`)}) t where t.target ${before(descending)} ${target(row)})`;
      const conditions = [
        `${row}.key between ${range}.first and ${range}.last`,
        ...where(target(row), `${row}.rid`),
        isFirst,
      ];
      const scan = `select ${row}.rid, ${target(row)} as s1 from fhir.reference ${row} where ${conjunction(conditions)} order by ${row}.key ${order(descending)}, ${row}.rid ${order(ridDescending)}${limit}`;
      return `select distinct on (m.s1, m.rid) m.rid, m.s1 from unnest(${firsts}, ${lasts}) ${range} (first, last) cross join lateral (${scan}) m order by m.s1 ${order(descending)}, m.rid ${order(ridDescending)}${limit}`;
    },
    missing: (rid) => `not exists (${targetsOf(rid)})`,
  };
}

/** By code, as the dictionary has it. */
function tokenSort(sql: SqlBuilder, { paths, descending }: SortKey): CompiledSort {
  const onPaths = sql.bind(paths, 'int4[]');
  const codesOf = (rid: string): string => {
    const entry = sql.alias('c');
    return `select ${entry}.code from fhir.token_code ${entry} where ${entry}.path = any (${onPaths}) and exists (select from fhir.token k where k.key = ${entry}.key and k.rid = ${rid} offset 0)`;
  };
  return {
    type: 'text',
    descending,
    value: (rid) => `(select ${extreme(descending)}(code) from (${codesOf(rid)}) t)`,
    walk: ({ where, limit, ridDescending = descending }) => {
      const entry = sql.alias('c');
      const row = sql.alias('k');
      const isFirst = `not exists (select from (${codesOf(`${row}.rid`)}) t where t.code ${before(descending)} ${entry}.code)`;
      const conditions = [`${row}.key = ${entry}.key`, ...where(`${entry}.code`, `${row}.rid`), isFirst];
      const scan = `select ${row}.rid from fhir.token ${row} where ${conjunction(conditions)} order by ${row}.rid ${order(ridDescending)}${limit}`;
      return `select distinct on (${entry}.code, m.rid) m.rid, ${entry}.code as s1 from (select key, code from fhir.token_code where path = any (${onPaths}) order by code ${order(descending)} offset 0) ${entry} cross join lateral (${scan}) m order by ${entry}.code ${order(descending)}, m.rid ${order(ridDescending)}${limit}`;
    },
    missing: (rid) => `not exists (${codesOf(rid)})`,
  };
}

/** By what stands in the content only, where every resource has to be read: the caller sees to it that they are few. */
function contentSort(sql: SqlBuilder, { places = [], descending }: SortKey): CompiledSort {
  const onPlaces = sql.bind(places, 'jsonpath[]');
  return {
    type: 'text',
    descending,
    value: (rid) => {
      const row = sql.alias('v');
      const texts = `select (t #>> '{}') collate "C" as text from unnest(${onPlaces}) p (place) cross join lateral jsonb_path_query(${row}.content::jsonb, p.place) t where jsonb_typeof(t) = 'string'`;
      return `(select ${extreme(descending)}(x.text) from fhir.resource ${row} cross join lateral (${texts}) x where ${row}.rid = ${rid})`;
    },
    walk: () => {
      throw new Error('There is no index to walk');
    },
    missing: undefined,
  };
}

/** By `_lastUpdated` or `_id`, which stand in the resource's own row. */
function columnSort(
  sql: SqlBuilder,
  { descending }: SortKey,
  types: readonly string[],
  column: 'updated' | 'id',
): CompiledSort {
  return {
    type: column === 'id' ? 'text' : 'int8',
    descending,
    value: (rid) => {
      const row = sql.alias('v');
      return `(select ${row}.${column} from fhir.resource ${row} where ${row}.rid = ${rid})`;
    },
    walk: ({ where, limit, ridDescending = descending }) => {
      const row = sql.alias('u');
      const rows = `${row}.method not in (0, 3)`;
      const scan = (conditions: readonly string[]): string =>
        `select ${row}.rid, ${row}.${column} as s1 from fhir.resource ${row} where ${conjunction([...conditions, rows, ...where(`${row}.${column}`, `${row}.rid`)])} order by ${row}.${column} ${order(descending)}, ${row}.rid ${order(ridDescending)}${limit}`;
      if (column === 'id') return scan([`${row}.type = any (${typeNumbers(sql, types)})`]);
      if (types.length === 1) return scan([`${row}.type = (${typeNumbers(sql, types)})[1]`]);
      const type = sql.alias('y');
      return `select m.rid, m.s1 from unnest(${typeNumbers(sql, types)}) ${type} (type) cross join lateral (${scan([`${row}.type = ${type}.type`])}) m order by m.s1 ${order(descending)}, m.rid ${order(ridDescending)}${limit}`;
    },
    missing: undefined,
  };
}
