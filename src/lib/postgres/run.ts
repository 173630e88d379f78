import type { ClientBase, Pool, QueryArrayConfig } from 'pg';

/** Runs a statement, which each connection prepares once under its name; gives the rows as lists of their columns. */
export async function run<Row extends unknown[] = unknown[]>(
  connection: Pool | ClientBase,
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const query: QueryArrayConfig = { name, text, values, rowMode: 'array' };
  const { rows } = await connection.query<Row>(query);
  return rows;
}
