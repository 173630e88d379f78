import type { ClientBase, Pool } from 'pg';

type Connection = Pool | ClientBase;

/**
 * True when the key is ours now: nobody had it, or what has it was created before `expiry`. Waits for a transaction under
 * way that has claimed it.
 */
export async function claimKey(
  transaction: ClientBase,
  key: string,
  request: Buffer,
  { now, expiry }: { now: number; expiry: number },
): Promise<boolean> {
  const { rowCount } = await transaction.query({
    name: 'idempotency-claim',
    text: `insert into fhir.idempotency_key as held (key, request, created) values ($1, $2, $3)
           on conflict (key) do update set request = excluded.request, created = excluded.created, answer = null
           where held.created < $4`,
    values: [key, request, now, expiry],
  });
  return rowCount === 1;
}

export async function selectAnswer(
  transaction: ClientBase,
  key: string,
): Promise<{ request: Buffer; answer: string | null } | undefined> {
  const { rows } = await transaction.query<{ request: Buffer; answer: string | null }>({
    name: 'idempotency-answer',
    text: 'select request, answer from fhir.idempotency_key where key = $1',
    values: [key],
  });
  return rows[0];
}

export async function saveAnswer(transaction: ClientBase, key: string, answer: string): Promise<void> {
  await transaction.query({
    name: 'idempotency-save',
    text: 'update fhir.idempotency_key set answer = $2 where key = $1',
    values: [key, answer],
  });
}

/** Deletes at most so many keys that were created before; returns how many. */
export async function deleteExpired(connection: Connection, expiry: number, limit: number): Promise<number> {
  const { rowCount } = await connection.query({
    name: 'idempotency-expire',
    text: `delete from fhir.idempotency_key where key in (
             select key from fhir.idempotency_key where created < $1 order by created limit $2 for update skip locked
           )`,
    values: [expiry, limit],
  });
  return rowCount ?? 0;
}

/** The session may be silent until the end of its transaction, however long that is. */
export async function allowSilence(transaction: ClientBase): Promise<void> {
  await transaction.query('set local idle_in_transaction_session_timeout = 0');
}
