import { resourceTypeNumber } from '../definitions/index.ts';
import { type Compiled, conjunction, type Rows } from './compiled.ts';
import type { ChainCondition, ReferenceCondition, ReverseCondition } from './condition.ts';
import { compileKeys } from './key-sql.ts';
import { liveProbe } from './resource-sql.ts';
import { keyRange, pathBase, ridMask, type SqlBuilder } from './sql-builder.ts';

/** Of what another one stands for, that one; only Patients are merged. */
const survivor = (type: string): string =>
  type === 'Patient' ? 'coalesce((select survivor from fhir.superseded s where s.rid = r.rid), r.rid)' : 'r.rid';

export function compileReference(sql: SqlBuilder, { targets }: ReferenceCondition): Compiled {
  const [first] = targets;
  const known = targets.flatMap(({ path, rid }) => (rid === undefined ? [] : [pathBase(path) + BigInt(rid)]));
  if (known.length === targets.length) {
    const keys = [...new Set(known)];
    return compileKeys(sql, { table: 'reference', many: sql.bind(keys, 'int8[]'), count: keys.length });
  }
  if (targets.length === 1 && first) {
    const base = sql.bind(pathBase(first.path), 'int8');
    const id = sql.bind(first.id, 'text');
    const type = sql.bind(resourceTypeNumber(first.type), 'int2');
    const table = sql.table(
      'target',
      `select ${base} + ${survivor(first.type)} as key from fhir.resource r where id = ${id} and type = ${type}`,
    );
    return compileKeys(sql, { table: 'reference', one: `(select key from ${table})` });
  }
  const bases = targets.map(({ path }) => pathBase(path));
  const ids = targets.map(({ id }) => id);
  const types = targets.map(({ type }) => resourceTypeNumber(type));
  const wanted = `unnest(${sql.bind(bases, 'int8[]')}, ${sql.bind(ids, 'text[]')}, ${sql.bind(types, 'int2[]')}) w (base, id, type)`;
  const followed = targets.some(({ type }) => survivor(type) !== 'r.rid') ? survivor('Patient') : 'r.rid';
  const found = `cross join lateral (select ${followed} as rid from fhir.resource r where id = w.id collate "C" and type = w.type${sql.barrier}) r`;
  const table = sql.table('targets', `select array(select distinct w.base + r.rid from ${wanted} ${found}) as list`);
  return compileKeys(sql, { table: 'reference', many: `(select list from ${table})::int8[]`, count: targets.length });
}

export function compileChain(sql: SqlBuilder, { paths, type, condition }: ChainCondition, inner: Compiled): Compiled {
  const probe = (rid: string): string =>
    either(
      paths.map((path) => {
        const { first, last } = keyRange(path, type);
        const row = sql.alias('f');
        const target = `(${row}.key & ${ridMask})`;
        const conditions = [`${row}.rid = ${rid}`, between(sql, row, first, last), inner.probe(target)];
        if (!impliesResource(condition)) conditions.push(liveProbe(sql, target));
        return `exists (select from fhir.reference ${row} where ${conjunction(conditions)}${sql.barrier})`;
      }),
    );
  const { rows } = inner;
  if (!rows) return { probe };
  const bases = (): string => `unnest(${sql.bind(paths.map(pathBase), 'int8[]')}) b (base)`;
  return {
    probe,
    rows: (limit) => {
      const targets = limitedTable(sql, 'targets', rows(limit), limit);
      const cut = sql.cut(limit);
      return {
        query: `select m.rid from ${targets.name} t cross join ${bases()} cross join lateral (select rid from fhir.reference where key = b.base + t.rid${cut}) m${cut}`,
        complete: targets.complete,
      };
    },
    keyedWalk: (mostTargets) => {
      const targets = limitedTable(sql, 'targets', rows(mostTargets), mostTargets);
      const keys = sql.table(
        'keys',
        `select array(select distinct b.base + t.rid from ${targets.name} t cross join ${bases()}) as list`,
      );
      const walk = compileKeys(sql, { table: 'reference', many: `(select list from ${keys})::int8[]` }).walk;
      if (!walk) throw new Error('Keys can be walked');
      return { complete: targets.complete, walk };
    },
  };
}

export function compileReverse(sql: SqlBuilder, { paths, target }: ReverseCondition, inner: Compiled): Compiled {
  const probe = (rid: string): string =>
    either(
      paths.map((path) => {
        const row = sql.alias('f');
        const key = `${sql.bind(pathBase(path), 'int8')} + ${rid}`;
        const look = `exists (select from fhir.reference ${row} where ${row}.key = ${key} and ${inner.probe(`${row}.rid`)}${sql.barrier})`;
        return inner.between && sql.barrier !== '' ? lookBetween(sql, key, inner.between, look) : look;
      }),
    );
  const { rows } = inner;
  if (!rows) return { probe };
  return {
    probe,
    rows: (limit) => {
      const sources = limitedTable(sql, 'sources', rows(limit), limit);
      const referred = paths.map((path) => {
        const { first, last } = keyRange(path, target);
        const row = sql.alias('f');
        return `select (r.key & ${ridMask}) as rid from ${sources.name} s cross join lateral (select ${row}.key from fhir.reference ${row} where ${row}.rid = s.rid and ${between(sql, row, first, last)}${sql.barrier}) r`;
      });
      const found = sql.table('found', `select distinct rid from (${referred.join(' union all ')}) r`);
      return { query: `select rid from ${found} o where ${liveProbe(sql, 'o.rid')}`, complete: sources.complete };
    },
  };
}

/**
 * What refers to a resource was mostly written together. So few of all that meet the inner condition stand between the first
 * and the last of it, and are looked up; where they are too many, all that refers to the resource is looked at.
 */
function lookBetween(sql: SqlBuilder, key: string, between: NonNullable<Compiled['between']>, look: string): string {
  const ends = sql.alias('e');
  const row = sql.alias('b');
  const most = sql.bind(sql.limits.mostBetween, 'int8');
  const referring = `select min(rid) as low, max(rid) as high from fhir.reference where key = ${key}`;
  const refers = `exists (select from fhir.reference where key = ${key} and rid = ${row}.rid${sql.barrier})`;
  const rows = between(`${ends}.low`, `${ends}.high`, `${most} + 1`);
  const found = `select case when count(*) <= ${most} then coalesce(bool_or(${refers}), false) end as is_found from (${rows}) ${row}`;
  return `coalesce((select ${row}.is_found from (${referring}) ${ends} cross join lateral (${found}) ${row}), ${look})`;
}

/** A table of distinct rids, and the condition that it holds all of them. */
export function limitedTable(
  sql: SqlBuilder,
  letter: string,
  { query, complete, isDistinct }: Rows,
  limit?: number,
): { name: string; complete: readonly string[] } {
  const read = sql.table(letter, `select q.rid from (${query}) q${sql.cut(limit)}`);
  const name = isDistinct ? read : sql.table(letter, `select distinct rid from ${read}`);
  if (limit === undefined) return { name, complete };
  const counted = `(select count(*) from ${read}) <= ${sql.bind(limit, 'int8')}`;
  return { name, complete: [...complete, counted] };
}

const between = (sql: SqlBuilder, row: string, first: bigint, last: bigint): string =>
  `${row}.key between ${sql.bind(first, 'int8')} and ${sql.bind(last, 'int8')}`;

const either = (conditions: readonly string[]): string =>
  conditions.length === 0 ? 'false' : conditions.length === 1 ? `${conditions[0]}` : `(${conditions.join(' or ')})`;

/** Whether the condition can hold only for a resource that is there: it asks for an index row, or looks at the resource. */
function impliesResource(condition: ChainCondition['condition']): boolean {
  switch (condition.is) {
    case 'not':
      return false;
    case 'all':
      return condition.conditions.some(impliesResource);
    case 'any':
      return condition.conditions.every(impliesResource);
    case 'reverse':
      return false;
    default:
      return true;
  }
}
