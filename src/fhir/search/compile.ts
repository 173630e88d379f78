import { type Compiled, conjunction, type WalkShape } from './compiled.ts';
import { compileComposite } from './composite-sql.ts';
import type { Condition } from './condition.ts';
import { compileGranted } from './granted-sql.ts';
import { compileChain, compileReference, compileReverse, limitedTable } from './link-sql.ts';
import { compileNear } from './near-sql.ts';
import { compilePresence } from './presence-sql.ts';
import { compileDate, compileQuantity } from './range-sql.ts';
import { compileIds, compileOfType, compileUpdated, typeWalk } from './resource-sql.ts';
import type { SqlBuilder } from './sql-builder.ts';
import { compileString, compileStrings, mergeableStrings } from './string-sql.ts';
import { compileText, compileToken } from './token-sql.ts';
import { compileWords } from './words-sql.ts';

/** The SQL of a condition on resources of these types (of all types, when none is named). */
export function compileCondition(sql: SqlBuilder, condition: Condition, types: readonly string[]): Compiled {
  switch (condition.is) {
    case 'token':
      return compileToken(sql, condition);
    case 'text':
      return compileText(sql, condition);
    case 'reference':
      return compileReference(sql, condition);
    case 'date':
      return compileDate(sql, condition);
    case 'quantity':
      return compileQuantity(sql, condition);
    case 'string':
      return compileString(sql, condition);
    case 'composite':
      return compileComposite(sql, condition);
    case 'near':
      return compileNear(sql, condition);
    case 'words':
      return compileWords(sql, condition);
    case 'id':
      return compileIds(sql, condition);
    case 'updated':
      return compileUpdated(sql, condition.test, types);
    case 'present':
      return compilePresence(sql, condition, types);
    case 'chain':
      return compileChain(sql, condition, compileCondition(sql, condition.condition, [condition.type]));
    case 'reverse':
      return compileReverse(sql, condition, compileCondition(sql, condition.condition, [condition.type]));
    case 'granted':
      return compileGranted(sql, condition);
    case 'of-type':
      return compileOfType(sql, condition.type, compileCondition(sql, condition.condition, [condition.type]));
    case 'not': {
      const inner = compileCondition(sql, condition.condition, types);
      return compileNot(sql, inner, types);
    }
    case 'all':
      return compileAll(
        sql,
        condition.conditions.map((part) => compileCondition(sql, part, types)),
      );
    case 'any': {
      const strings = mergeableStrings(condition.conditions);
      if (strings) return compileStrings(sql, strings);
      return compileAny(
        sql,
        condition.conditions.map((part) => compileCondition(sql, part, types)),
      );
    }
  }
}

function compileNot(sql: SqlBuilder, inner: Compiled, types: readonly string[]): Compiled {
  const probe = (rid: string): string => `not (${inner.probe(rid)})`;
  if (types.length > 1 || !(inner.everyRid || inner.rows)) return { probe };
  return {
    probe,
    exclusion: (shape) => {
      const excluded = inner.everyRid?.(shape.descending) ?? [inner.rows?.().query ?? noRows];
      const where = (rid: string): string[] => [
        ...excluded.map((query) => isNotIn(sql, query, rid)),
        ...shape.where(rid),
      ];
      return typeWalk(sql, types, { ...shape, where });
    },
  };
}

/** Without barrier: PostgreSQL makes a merge or hash join of it, which is what a look at all resources wants. */
function isNotIn(sql: SqlBuilder, query: string, rid: string): string {
  const name = sql.alias('x');
  return `not exists (select from (${query}) ${name} where ${name}.rid = ${rid})`;
}

const noRows = 'select null::int8 as rid where false';

function compileAll(sql: SqlBuilder, parts: readonly Compiled[]): Compiled {
  const probe = (rid: string): string =>
    parts.length === 0 ? 'true' : `(${parts.map((part) => part.probe(rid)).join(' and ')})`;
  const walked = parts.find((part) => part.walk);
  const read = parts.find((part) => part.rows);
  const probesBeside = (driver: Compiled, rid: string): string[] =>
    parts.filter((part) => part !== driver).map((part) => part.probe(rid));
  return {
    probe,
    ...(walked?.walk && {
      walk: (shape) =>
        walked.walk?.({ ...shape, where: (rid) => [...probesBeside(walked, rid), ...shape.where(rid)] }) ?? '',
    }),
    ...(read?.rows && {
      rows: (limit) => {
        const rows = read.rows?.(limit) ?? { query: '', complete: [] };
        const { name, complete } = limitedTable(sql, 'part', rows, limit);
        const query = `select q.rid from ${name} q where ${probesBeside(read, 'q.rid').join(' and ')}`;
        return { query, complete, isDistinct: true };
      },
    }),
  };
}

/** What else must hold is said once, of the rows of all parts merged: a statement starts in the time that its length takes. */
function mergedWalk(name: string, parts: readonly Compiled[], shape: WalkShape): string | undefined {
  const queries = parts.map((part) => part.ordered?.(shape.descending));
  if (queries.includes(undefined)) return undefined;
  const rows = queries.map((query) => `(${query})`).join(' union all ');
  return `select distinct ${name}.rid from (${rows}) ${name} where ${conjunction(shape.where(`${name}.rid`))} order by ${name}.rid ${shape.descending ? 'desc' : 'asc'} limit ${shape.limit}`;
}

function compileAny(sql: SqlBuilder, parts: readonly Compiled[]): Compiled {
  const probe = (rid: string): string =>
    parts.length === 0 ? 'false' : `(${parts.map((part) => part.probe(rid)).join(' or ')})`;
  return {
    probe,
    ...(parts.every((part) => part.walk) && {
      walk: (shape) => {
        // What else is asked stands there too, since every bound value must be named.
        if (parts.length === 0) return `${noRows} and ${conjunction(shape.where('0::int8'))} limit ${shape.limit}`;
        const name = sql.alias('o');
        const merged = mergedWalk(name, parts, shape);
        if (merged) return merged;
        const walks = parts.map((part) => `(${part.walk?.(shape)})`);
        const rows = walks.join(' union all ');
        return `select distinct ${name}.rid from (${rows}) ${name} order by ${name}.rid ${shape.descending ? 'desc' : 'asc'} limit ${shape.limit}`;
      },
    }),
    ...(parts.every((part) => part.rows) && {
      rows: (limit) => {
        const read = parts.map((part) => part.rows?.(limit) ?? { query: '', complete: [] });
        const query = read.map(({ query }) => `(${query})`).join(' union all ');
        return {
          query: query === '' ? noRows : query,
          complete: read.flatMap(({ complete }) => complete),
        };
      },
    }),
    ...(parts.every((part) => part.everyRid) && {
      everyRid: (descending) => parts.flatMap((part) => part.everyRid?.(descending) ?? []),
    }),
  };
}
