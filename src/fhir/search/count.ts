import { compileCondition } from './compile.ts';
import { conjunction } from './compiled.ts';
import { estimateRows } from './estimate.ts';
import { criteriaOf, type Statement } from './page.ts';
import type { SearchRequest } from './request.ts';
import { typeWalk } from './resource-sql.ts';
import { SqlBuilder } from './sql-builder.ts';
import type { Statistics } from './statistics.ts';

/** Every match once: for counting, with the planner free to join as it likes. */
export function matchesStatement(
  { condition, types }: Pick<SearchRequest, 'condition' | 'types'>,
  statistics: Statistics,
): Statement {
  const sql = new SqlBuilder({ countsAll: true });
  const criteria = criteriaOf(condition);
  const compiled = criteria.map((criterion) => compileCondition(sql, criterion, types));
  const estimates = criteria.map((criterion) => estimateRows(criterion, statistics, types));
  let driver: number | undefined;
  for (const [index, { rows }] of compiled.entries()) {
    const isRarer = driver === undefined || (estimates[index] ?? 0) < (estimates[driver] ?? 0);
    if (rows && isRarer) driver = index;
  }
  const probes = (rid: string): string[] =>
    compiled.flatMap((criterion, index) => (index === driver ? [] : [criterion.probe(rid)]));
  const rows = driver === undefined ? undefined : compiled[driver]?.rows?.();
  const query = rows
    ? `select ${rows.isDistinct ? '' : 'distinct '}q.rid from (${rows.query}) q where ${conjunction(probes('q.rid'))}`
    : typeWalk(sql, types, { where: probes, descending: true, limit: 'all' });
  return { text: sql.statement(query), values: sql.values };
}

/** Counts no further than to a limit. */
export const countUpTo = ({ text, values }: Statement, limit: number): Statement => ({
  text: `select count(*) as total from (select from (${text}) m limit $${values.length + 1}::int8) matches`,
  values: [...values, limit],
});

export const countStatement = ({ text, values }: Statement): Statement => ({
  text: `select count(*) as total from (${text}) matches`,
  values,
});
