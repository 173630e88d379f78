import { resourceTypeNumber, resourceTypes } from '../definitions/index.ts';
import { ridRange } from '../store/rid.ts';
import { type Compiled, conjunction, type WalkShape } from './compiled.ts';
import type { IdCondition, RangeTest } from './condition.ts';
import { direction } from './key-sql.ts';
import { instantTest } from './range-sql.ts';
import type { SqlBuilder } from './sql-builder.ts';

/** Neither a placeholder nor deleted. Index rows are there for live resources only, so that few conditions ask. */
const live = (row: string): string => `${row}.method not in (0, 3)`;

/** SQL condition: a live resource has this rid. */
export function liveProbe(sql: SqlBuilder, rid: string): string {
  const row = sql.alias('l');
  return `exists (select from fhir.resource ${row} where ${row}.rid = ${rid} and ${live(row)}${sql.barrier})`;
}

/** Every live resource of these types; of all types, when none is named. */
export function typeWalk(sql: SqlBuilder, types: readonly string[], shape: WalkShape): string {
  const scan = (conditions: readonly string[], row: string): string =>
    `select ${row}.rid from fhir.resource ${row} where ${conjunction([...conditions, live(row), ...shape.where(`${row}.rid`)])} order by ${row}.rid ${direction(shape.descending)} limit ${shape.limit}`;
  const row = sql.alias('t');
  const [type, ...others] = types;
  if (type === undefined) return scan([], row);
  if (others.length === 0) {
    const { first, last } = ridRange(type);
    return scan([`${row}.rid between ${sql.bind(first, 'int8')} and ${sql.bind(last, 'int8')}`], row);
  }
  const ranges = types.map(ridRange);
  const range = sql.alias('g');
  const firsts = sql.bind(
    ranges.map(({ first }) => first),
    'int8[]',
  );
  const lasts = sql.bind(
    ranges.map(({ last }) => last),
    'int8[]',
  );
  const walk = scan([`${row}.rid between ${range}.first and ${range}.last`], row);
  return `select m.rid from unnest(${firsts}, ${lasts}) ${range} (first, last) cross join lateral (${walk}) m order by m.rid ${direction(shape.descending)} limit ${shape.limit}`;
}

/** The rids of a type are one range. */
export function compileOfType(sql: SqlBuilder, type: string, inner: Compiled): Compiled {
  const { first, last } = ridRange(type);
  return {
    probe: (rid) => `(${rid} between ${sql.bind(first, 'int8')} and ${sql.bind(last, 'int8')} and ${inner.probe(rid)})`,
  };
}

export function compileIds(sql: SqlBuilder, { ids, types, orSurvives }: IdCondition): Compiled {
  const list = sql.bind(ids, 'text[]');
  const numbers = types.length === 0 ? undefined : typeNumbers(sql, types);
  const isNamed = (row: string): string =>
    `${row}.id = any (${list})${numbers === undefined ? '' : ` and ${row}.type = any (${numbers})`}`;
  const named = `select r.rid from fhir.resource r where ${isNamed('r')} and ${live('r')}`;
  const survivors = `select v.rid from fhir.resource n join fhir.superseded s on s.rid = n.rid join fhir.resource v on v.rid = s.survivor where ${isNamed('n')} and ${live('v')}`;
  const table = sql.table('ids', orSurvives ? `${named} union ${survivors}` : named);
  return {
    probe: (rid) => `${rid} in (select rid from ${table})`,
    rows: () => ({ query: `select rid from ${table}`, complete: [], isDistinct: true }),
  };
}

/** `_lastUpdated`. */
export function compileUpdated(sql: SqlBuilder, test: RangeTest, types: readonly string[]): Compiled {
  const compare = instantTest(sql, test);
  return {
    probe: (rid) => {
      const row = sql.alias('u');
      return `exists (select from fhir.resource ${row} where ${conjunction([`${row}.rid = ${rid}`, live(row), ...compare(`${row}.updated`)])}${sql.barrier})`;
    },
    rows: (limit) => {
      const row = sql.alias('u');
      const type = sql.alias('y');
      const cut = sql.cut(limit);
      const scan = `select ${row}.rid from fhir.resource ${row} where ${conjunction([`${row}.type = ${type}.type`, live(row), ...compare(`${row}.updated`)])} order by ${row}.updated, ${row}.rid${cut}`;
      return {
        query: `select m.rid from unnest(${typeNumbers(sql, types)}) ${type} (type) cross join lateral (${scan}) m${cut}`,
        complete: [],
      };
    },
  };
}

export function typeNumbers(sql: SqlBuilder, types: readonly string[]): string {
  return sql.bind((types.length === 0 ? resourceTypes : types).map(resourceTypeNumber), 'int2[]');
}
