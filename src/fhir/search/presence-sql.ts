import { ridRange } from '../store/rid.ts';
import type { Compiled } from './compiled.ts';
import type { PresenceCondition } from './condition.ts';
import { compileKeys, direction } from './key-sql.ts';
import { keyRange, type SqlBuilder } from './sql-builder.ts';

/** `:missing=false`. Token rows do not tell their path: the dictionary names the keys of a path. */
export function compilePresence(
  sql: SqlBuilder,
  { table, paths, keys }: PresenceCondition,
  types: readonly string[],
): Compiled {
  if (table === 'token')
    return compileKeys(sql, { table, many: `(select list from ${dictionaryKeys(sql, paths, keys)})::int8[]` });
  if (table === 'reference') {
    const unresolved = compileKeys(sql, { table: 'token', many: sql.bind(keys, 'int8[]'), count: keys.length });
    return {
      probe: (rid) => `(${referenceOn(sql, paths, rid)} or ${unresolved.probe(rid)})`,
      everyRid: (descending) => [
        `select rid from fhir.reference f where ${inTypes(sql, types)} and (${paths.map((path) => isOnPath(sql, path)).join(' or ')}) order by rid ${direction(descending)}`,
        ...(unresolved.everyRid?.(descending) ?? []),
      ],
    };
  }
  const onPaths = sql.bind(paths, 'int4[]');
  return {
    probe: (rid) => {
      const row = sql.alias('r');
      return `exists (select from fhir.${table} ${row} where ${row}.rid = ${rid} and ${row}.path = any (${onPaths})${sql.barrier})`;
    },
    // Rows of composites are found by their keys: those of a path lie apart.
    ...(!table.startsWith('composite') && {
      rows: (limit) => ({
        query: `select rid from fhir.${table} where path = any (${onPaths})${sql.cut(limit)}`,
        complete: [],
      }),
    }),
    everyRid: (descending) => [
      `select rid from fhir.${table} where ${inTypes(sql, types)} and path = any (${onPaths}) order by rid ${direction(descending)}`,
    ],
  };
}

/** The rids of a type, so that what is ordered by rid is read from there to there. */
function inTypes(sql: SqlBuilder, [type]: readonly string[]): string {
  if (type === undefined) return 'true';
  const { first, last } = ridRange(type);
  return `rid between ${sql.bind(first, 'int8')} and ${sql.bind(last, 'int8')}`;
}

function isOnPath(sql: SqlBuilder, path: number): string {
  const { first, last } = keyRange(path);
  return `key between ${sql.bind(first, 'int8')} and ${sql.bind(last, 'int8')}`;
}

function dictionaryKeys(sql: SqlBuilder, paths: readonly number[], keys: readonly bigint[]): string {
  const onPaths = sql.bind(paths, 'int4[]');
  return sql.table(
    'keys',
    `select array(select unnest(${sql.bind(keys, 'int8[]')}) union select key from fhir.token_code where path = any (${onPaths}) union select key from fhir.token_text where path = any (${onPaths})) as list`,
  );
}

function referenceOn(sql: SqlBuilder, paths: readonly number[], rid: string): string {
  const ranges = paths.map((path) => keyRange(path));
  const firsts = sql.bind(
    ranges.map(({ first }) => first),
    'int8[]',
  );
  const lasts = sql.bind(
    ranges.map(({ last }) => last),
    'int8[]',
  );
  const row = sql.alias('f');
  return `exists (select from unnest(${firsts}, ${lasts}) g (first, last) cross join lateral (select from fhir.reference ${row} where ${row}.rid = ${rid} and ${row}.key between g.first and g.last offset 0) f)`;
}
