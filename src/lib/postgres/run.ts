import type { ClientBase, Pool } from 'pg';

/** Runs a statement, which each connection prepares once under its name; gives the rows as lists of their columns. */
export async function run(
  connection: Pool | ClientBase,
  name: string,
  text: string,
  values: unknown[],
): Promise<unknown[][]> {
  const result = await connection.query({ name, text, values, rowMode: 'array' });
  return result.rows as unknown[][];
}
