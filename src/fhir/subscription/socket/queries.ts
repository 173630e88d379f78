import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../queries.ts';

export async function insertBinding(
  connection: Connection,
  token: Buffer,
  subscriptions: number[],
  expires: Date,
): Promise<void> {
  const text = 'insert into fhir.subscription_binding (token, subscriptions, expires) values ($1, $2, $3)';
  await run(connection, 'subscription-insert-binding', text, [token, subscriptions, expires]);
}

export async function selectBinding(connection: Connection, token: Buffer): Promise<number[]> {
  const text = 'select unnest(subscriptions) from fhir.subscription_binding where token = $1 and expires > now()';
  return (await run(connection, 'subscription-binding', text, [token])).map((row) => Number(row[0]));
}
