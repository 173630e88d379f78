import { compileCondition } from './compile.ts';
import type { Statement } from './page.ts';
import { type Connection, type PreparedNames, selectRidsOf } from './queries.ts';
import type { Restriction } from './restriction.ts';
import { SqlBuilder } from './sql-builder.ts';

export interface Placed {
  readonly rid: number;
  readonly type: string;
}

/** The rids of those resources that a restriction lets somebody see, decided as a search would. */
export async function selectReadable(
  connection: Connection,
  restriction: Restriction | undefined,
  resources: readonly Placed[],
  names: PreparedNames,
): Promise<ReadonlySet<number>> {
  const readable = new Set<number>();
  const restricted = new Map<string, number[]>();
  for (const { rid, type } of resources) {
    if (restriction?.(type) === undefined) readable.add(rid);
    else restricted.set(type, [...(restricted.get(type) ?? []), rid]);
  }
  if (restriction === undefined || restricted.size === 0) return readable;
  const statement = readableStatement(restriction, restricted);
  const rids = await selectRidsOf(connection, statement, names.nameOf(statement.text));
  for (const rid of rids) readable.add(rid);
  return readable;
}

function readableStatement(restriction: Restriction, ridsByType: ReadonlyMap<string, readonly number[]>): Statement {
  const sql = new SqlBuilder();
  const queries = [...ridsByType].map(([type, rids]) => {
    const row = sql.alias('c');
    const listed = `unnest(${sql.bind(rids, 'int8[]')}) ${row} (rid)`;
    const compiled = compileCondition(sql, restriction(type) ?? { is: 'all', conditions: [] }, [type]);
    return `select ${row}.rid from ${listed} where ${compiled.probe(`${row}.rid`)}`;
  });
  return { text: sql.statement(queries.join(' union all ')), values: sql.values };
}
