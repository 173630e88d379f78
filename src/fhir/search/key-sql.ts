import { type Compiled, conjunction, type Rows, type WalkShape } from './compiled.ts';
import type { SqlBuilder } from './sql-builder.ts';

/** Rows of `fhir.token` or `fhir.reference` with one key, or with any of an array of keys. */
export interface KeySet {
  readonly table: 'token' | 'reference';
  readonly one?: string;
  readonly many?: string;
  /** How many keys at most; undefined when only the dictionary knows. */
  readonly count?: number;
}

export function compileKeys(sql: SqlBuilder, set: KeySet): Compiled {
  return {
    probe: (rid) => keyProbe(sql, set, rid),
    walk: (shape) => (set.one ? oneKeyWalk(sql, set.table, set.one, shape) : manyKeysWalk(sql, set, shape)),
    rows: (limit) => keyRows(sql, set, limit),
    ...(set.one && {
      ordered: (descending) =>
        `select rid from fhir.${set.table} where key = ${set.one} order by rid ${direction(descending)}`,
      between: (low, high, limit) =>
        `select rid from fhir.${set.table} where key = ${set.one} and rid between ${low} and ${high} order by rid limit ${limit}`,
    }),
    everyRid: (descending) => [
      set.one
        ? `select rid from fhir.${set.table} where key = ${set.one} order by rid ${direction(descending)}`
        : `select rid from fhir.${set.table} where key = any (${set.many})`,
    ],
  };
}

function keyProbe(sql: SqlBuilder, { table, one, many, count }: KeySet, rid: string): string {
  const row = sql.alias('k');
  const lookup = `exists (select from fhir.${table} ${row} where ${row}.key = ${one ?? `any (${many})`} and ${row}.rid = ${rid}${sql.barrier})`;
  const { mostKeys } = sql;
  if (one || (count !== undefined && count <= mostKeys)) return lookup;
  return `case when cardinality(${many}) <= ${sql.bind(mostKeys, 'int4')} then ${lookup} else ${rid} in (select rid from fhir.${table} where key = any (${many})) end`;
}

function oneKeyWalk(sql: SqlBuilder, table: string, key: string, { where, descending, limit }: WalkShape): string {
  const row = sql.alias('w');
  const conditions = [`${row}.key = ${key}`, ...where(`${row}.rid`)];
  return `select ${row}.rid from fhir.${table} ${row} where ${conjunction(conditions)} order by ${row}.rid ${direction(descending)} limit ${limit}`;
}

/** Each key's rows come in order; the first of each are merged. */
function manyKeysWalk(sql: SqlBuilder, { table, many }: KeySet, shape: WalkShape): string {
  const key = sql.alias('a');
  const walk = sql.alias('m');
  return `select distinct ${walk}.rid from unnest(${many}) ${key} (key) cross join lateral (${oneKeyWalk(sql, table, `${key}.key`, shape)}) ${walk} order by ${walk}.rid ${direction(shape.descending)} limit ${shape.limit}`;
}

function keyRows(sql: SqlBuilder, { table, one, many }: KeySet, limit?: number): Rows {
  const cut = sql.cut(limit);
  if (one) return { query: `select rid from fhir.${table} where key = ${one}${cut}`, complete: [], isDistinct: true };
  const key = sql.alias('a');
  const row = sql.alias('m');
  return {
    query: `select ${row}.rid from unnest(${many}) ${key} (key) cross join lateral (select rid from fhir.${table} where key = ${key}.key${cut}) ${row}${cut}`,
    complete: [],
  };
}

export const direction = (descending: boolean): string => (descending ? 'desc' : 'asc');
