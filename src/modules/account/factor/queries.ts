import type { Pool, Transaction } from '#lib/postgres/pool.ts';

type Connection = Pool | Transaction;

async function rowsOf<Row>(connection: Connection, text: string, values: unknown[]): Promise<Row[]> {
  return (await connection.query(text, values)).rows as Row[];
}

const time = (ms: number): Date => new Date(ms);

/** An app on a telephone that shows codes. */
export interface Authenticator {
  id: string;
  name: string;
  secret: Buffer;
  createdAt: number;
}

export async function listAuthenticators(connection: Connection, account: string): Promise<Authenticator[]> {
  const rows = await rowsOf<{ id: string; name: string; secret: Buffer; created_at: Date }>(
    connection,
    'select id, name, secret, created_at from account.authenticator where account = $1 order by created_at limit 20',
    [account],
  );
  return rows.map((row) => ({ id: row.id, name: row.name, secret: row.secret, createdAt: row.created_at.getTime() }));
}

export async function insertAuthenticator(
  connection: Connection,
  account: string,
  authenticator: Authenticator & { lastStep: number },
): Promise<void> {
  await connection.query(
    `insert into account.authenticator (id, account, name, secret, last_step, created_at) values ($1, $2, $3, $4, $5, $6)`,
    [
      authenticator.id,
      account,
      authenticator.name,
      authenticator.secret,
      authenticator.lastStep,
      time(authenticator.createdAt),
    ],
  );
}

/** Uses a step up; false when it, or a later one, was used before: a code is taken once, whoever sends it twice. */
export async function spendStep(connection: Connection, id: string, step: number): Promise<boolean> {
  const rows = await rowsOf(
    connection,
    'update account.authenticator set last_step = $2 where id = $1 and last_step < $2 returning 1',
    [id, step],
  );
  return rows.length > 0;
}

/** A key pair whose private half never leaves a device. */
export interface Passkey {
  /** The credential id, base64url. */
  id: string;
  account: string;
  name: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  createdAt: number;
  usedAt: number | undefined;
}

interface PasskeyRow {
  id: string;
  account: string;
  name: string;
  public_key: Buffer;
  counter: string;
  transports: string[];
  created_at: Date;
  used_at: Date | null;
}

const toPasskey = (row: PasskeyRow): Passkey => ({
  id: row.id,
  account: row.account,
  name: row.name,
  publicKey: row.public_key,
  counter: Number(row.counter),
  transports: row.transports,
  createdAt: row.created_at.getTime(),
  usedAt: row.used_at?.getTime(),
});

export async function listPasskeys(connection: Connection, account: string): Promise<Passkey[]> {
  const rows = await rowsOf<PasskeyRow>(
    connection,
    'select * from account.passkey where account = $1 order by created_at limit 20',
    [account],
  );
  return rows.map(toPasskey);
}

export async function findPasskey(connection: Connection, id: string): Promise<Passkey | undefined> {
  const rows = await rowsOf<PasskeyRow>(connection, 'select * from account.passkey where id = $1', [id]);
  return rows[0] && toPasskey(rows[0]);
}

export async function insertPasskey(connection: Connection, passkey: Passkey): Promise<void> {
  await connection.query(
    `insert into account.passkey (id, account, name, public_key, counter, transports, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      passkey.id,
      passkey.account,
      passkey.name,
      passkey.publicKey,
      passkey.counter,
      passkey.transports,
      time(passkey.createdAt),
    ],
  );
}

/** False when its counter has not grown since it was read: the key was copied, or the same answer was sent twice. */
export async function countPasskey(
  connection: Connection,
  id: string,
  before: number,
  counter: number,
  at: number,
): Promise<boolean> {
  const rows = await rowsOf(
    connection,
    'update account.passkey set counter = $3, used_at = $4 where id = $1 and counter = $2 returning 1',
    [id, before, counter, time(at)],
  );
  return rows.length > 0;
}

/** True when there was such a factor of this account. */
export async function deleteFactor(
  connection: Connection,
  account: string,
  kind: 'authenticator' | 'passkey',
  id: string,
): Promise<boolean> {
  const table = kind === 'passkey' ? 'account.passkey' : 'account.authenticator';
  const { rowCount } = await connection.query(`delete from ${table} where account = $1 and id::text = $2`, [
    account,
    id,
  ]);
  return rowCount === 1;
}

export async function deleteFactors(connection: Connection, account: string): Promise<void> {
  await connection.query('delete from account.authenticator where account = $1', [account]);
  await connection.query('delete from account.passkey where account = $1', [account]);
  await connection.query('delete from account.recovery_code where account = $1', [account]);
  await connection.query('delete from account.external_identity where account = $1', [account]);
}

export async function replaceRecoveryCodes(
  connection: Connection,
  account: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await connection.query('delete from account.recovery_code where account = $1', [account]);
  await connection.query('insert into account.recovery_code (account, hash) select $1, unnest($2::bytea[])', [
    account,
    hashes,
  ]);
}

export async function countRecoveryCodes(connection: Connection, account: string): Promise<number> {
  const text = 'select count(*)::int as count from account.recovery_code where account = $1';
  return (await rowsOf<{ count: number }>(connection, text, [account]))[0]?.count ?? 0;
}

/** Uses a code up; false when there is none such. */
export async function takeRecoveryCode(connection: Connection, account: string, hash: Buffer): Promise<boolean> {
  const { rowCount } = await connection.query('delete from account.recovery_code where account = $1 and hash = $2', [
    account,
    hash,
  ]);
  return rowCount === 1;
}

export async function replaceOneTimeCode(
  connection: Connection,
  account: string,
  hash: Buffer,
  expiresAt: number,
): Promise<void> {
  await connection.query(
    `insert into account.one_time_code (account, hash, expires_at) values ($1, $2, $3)
     on conflict (account) do update set hash = excluded.hash, expires_at = excluded.expires_at`,
    [account, hash, time(expiresAt)],
  );
}

export async function takeOneTimeCode(
  connection: Connection,
  account: string,
  hash: Buffer,
  now: number,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    'delete from account.one_time_code where account = $1 and hash = $2 and expires_at > $3',
    [account, hash, time(now)],
  );
  return rowCount === 1;
}

export async function hasOneTimeCode(
  connection: Connection,
  account: string,
  hash: Buffer,
  now: number,
): Promise<boolean> {
  const text = 'select from account.one_time_code where account = $1 and hash = $2 and expires_at > $3';
  return (await rowsOf(connection, text, [account, hash, time(now)])).length > 0;
}

export interface ExternalIdentity {
  provider: string;
  createdAt: number;
}

export async function findByIdentity(
  connection: Connection,
  provider: string,
  subject: string,
): Promise<string | undefined> {
  const text = 'select account from account.external_identity where provider = $1 and subject = $2';
  return (await rowsOf<{ account: string }>(connection, text, [provider, subject]))[0]?.account;
}

/** False when that identity is another account's. */
export async function insertIdentity(
  connection: Connection,
  identity: { provider: string; subject: string; account: string; at: number },
): Promise<boolean> {
  const { provider, subject, account, at } = identity;
  await connection.query(
    `insert into account.external_identity (provider, subject, account, created_at) values ($1, $2, $3, $4) on conflict do nothing`,
    [provider, subject, account, time(at)],
  );
  return (await findByIdentity(connection, provider, subject)) === account;
}

export async function listIdentities(connection: Connection, account: string): Promise<ExternalIdentity[]> {
  const rows = await rowsOf<{ provider: string; created_at: Date }>(
    connection,
    'select provider, created_at from account.external_identity where account = $1 order by created_at limit 20',
    [account],
  );
  return rows.map((row) => ({ provider: row.provider, createdAt: row.created_at.getTime() }));
}

export async function deleteIdentity(connection: Connection, account: string, provider: string): Promise<boolean> {
  const text = 'delete from account.external_identity where account = $1 and provider = $2';
  return ((await connection.query(text, [account, provider])).rowCount ?? 0) > 0;
}
