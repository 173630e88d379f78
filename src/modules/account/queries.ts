import { Failure } from '#lib/failure.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import {
  type Account,
  isPersonRole,
  type Method,
  type PersonRole,
  type RoleAssignment,
  type Session,
} from './account.ts';

export type Connection = Pool | Transaction;

async function rowsOf<Row>(connection: Connection, text: string, values: unknown[]): Promise<Row[]> {
  return (await connection.query(text, values)).rows as Row[];
}

const time = (ms: number): Date => new Date(ms);

const accountColumns = `a.id, a.name, a.phone, a.reference, a.name_zh, a.name_en, a.locked_at, a.demonstration, a.password,
  a.password_at, a.created_at`;

interface AccountRow {
  id: string;
  name: string;
  phone: string | null;
  reference: string;
  name_zh: string;
  name_en: string;
  locked_at: Date | null;
  demonstration: string | null;
  password: string | null;
  password_at: Date | null;
  created_at: Date;
}

/** An account with what stays inside the module. */
export interface StoredAccount extends Account {
  password: string | undefined;
  passwordAt: number | undefined;
}

const toAccount = (row: AccountRow): StoredAccount => ({
  id: row.id,
  name: row.name,
  phone: row.phone ?? undefined,
  reference: row.reference,
  display: { zh: row.name_zh, en: row.name_en },
  isLocked: row.locked_at !== null,
  demonstration: row.demonstration ?? undefined,
  password: row.password ?? undefined,
  passwordAt: row.password_at?.getTime(),
});

/** By what is typed at sign-in: the name or the telephone number. */
export async function findByName(connection: Connection, name: string): Promise<StoredAccount | undefined> {
  const rows = await rowsOf<AccountRow>(
    connection,
    `select ${accountColumns} from account.account a where a.name = $1 or a.phone = $1 order by a.name <> $1 limit 1`,
    [name],
  );
  return rows[0] && toAccount(rows[0]);
}

export async function findAccount(connection: Connection, id: string): Promise<StoredAccount | undefined> {
  const rows = await rowsOf<AccountRow>(connection, `select ${accountColumns} from account.account a where a.id = $1`, [
    id,
  ]);
  return rows[0] && toAccount(rows[0]);
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockAccount(transaction: Transaction, id: string): Promise<StoredAccount | undefined> {
  const text = `select ${accountColumns} from account.account a where a.id = $1 for update`;
  const rows = await rowsOf<AccountRow>(transaction, text, [id]);
  return rows[0] && toAccount(rows[0]);
}

export async function findDemonstration(connection: Connection, word: string): Promise<StoredAccount | undefined> {
  const text = `select ${accountColumns} from account.account a where a.demonstration = $1`;
  const rows = await rowsOf<AccountRow>(connection, text, [word]);
  return rows[0] && toAccount(rows[0]);
}

/** At most `limit` accounts after a name, whose name, number or person holds a text. */
export async function listAccounts(
  connection: Connection,
  { text, after, limit }: { text: string; after: string; limit: number },
): Promise<StoredAccount[]> {
  const rows = await rowsOf<AccountRow>(
    connection,
    `select ${accountColumns} from account.account a
     where a.name > $1 and ($2 = '' or strpos(a.name || ' ' || coalesce(a.phone, '') || ' ' || lower(a.name_zh || ' ' || a.name_en
       || ' ' || replace(a.name_en, ' ', '')), $2) > 0)
     order by a.name limit $3`,
    [after, text.toLowerCase(), limit],
  );
  return rows.map(toAccount);
}

export async function insertAccount(connection: Connection, account: Account & { createdAt: number }): Promise<void> {
  await connection.query(
    `insert into account.account (id, name, phone, reference, name_zh, name_en, demonstration, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      account.id,
      account.name,
      account.phone ?? null,
      account.reference,
      account.display.zh,
      account.display.en,
      account.demonstration ?? null,
      time(account.createdAt),
    ],
  );
}

/** Without a password, nobody signs in with one. */
export async function updatePassword(
  connection: Connection,
  id: string,
  password: string | undefined,
  at: number,
): Promise<void> {
  await connection.query('update account.account set password = $2, password_at = $3 where id = $1', [
    id,
    password ?? null,
    time(at),
  ]);
}

export async function updateLock(connection: Connection, id: string, at: number | undefined): Promise<void> {
  await connection.query('update account.account set locked_at = $2 where id = $1', [
    id,
    at === undefined ? null : time(at),
  ]);
}

function parseRole(role: string): PersonRole {
  if (isPersonRole(role)) return role;
  throw new Failure('exception', `There is no role ${role}.`);
}

interface RoleRow {
  role_id: string;
  account: string;
  role: string;
  organization: string | null;
  valid_from: Date;
  valid_until: Date | number;
}

const roleColumns = 'r.id as role_id, r.account, r.role, r.organization, r.valid_from, r.valid_until';

const toRole = (row: RoleRow): RoleAssignment => ({
  id: row.role_id,
  role: parseRole(row.role),
  organization: row.organization ?? undefined,
  from: row.valid_from.getTime(),
  until: row.valid_until instanceof Date ? row.valid_until.getTime() : undefined,
});

/** Roles of accounts, those of the past and the future too. */
export async function listRoles(
  connection: Connection,
  accounts: readonly string[],
): Promise<(RoleAssignment & { account: string })[]> {
  const rows = await rowsOf<RoleRow>(
    connection,
    `select ${roleColumns} from account.role r where r.account = any($1) order by r.account, r.valid_from, r.id limit 5000`,
    [accounts],
  );
  return rows.map((row) => ({ ...toRole(row), account: row.account }));
}

export async function upsertRole(connection: Connection, account: string, role: RoleAssignment): Promise<void> {
  await connection.query(
    `insert into account.role (id, account, role, organization, valid_from, valid_until) values ($1, $2, $3, $4, $5, $6)
     on conflict (account, role, organization)
     do update set valid_from = excluded.valid_from, valid_until = excluded.valid_until`,
    [
      role.id,
      account,
      role.role,
      role.organization ?? null,
      time(role.from),
      role.until === undefined ? 'infinity' : time(role.until),
    ],
  );
}

/** Whether somebody may still act in a role. Whoever has no account acts by a token of the operator, which has its own end. */
export async function isActing(
  connection: Connection,
  { reference, role, organization }: { reference: string; role: string; organization: string | undefined },
  at: number,
): Promise<boolean> {
  const rows = await rowsOf<{ is_acting: boolean }>(
    connection,
    `select a.locked_at is null and exists (
       select from account.role r where r.account = a.id and r.role = $2 and r.organization is not distinct from $3
         and r.valid_from <= $4 and r.valid_until > $4
     ) as is_acting
     from account.account a where a.reference = $1`,
    [reference, role, organization ?? null, time(at)],
  );
  return rows[0]?.is_acting ?? true;
}

/** Ends a role now; the sessions under it end with it. */
export async function endRole(
  connection: Connection,
  account: string,
  id: string,
  at: number,
): Promise<RoleAssignment | undefined> {
  const rows = await rowsOf<RoleRow>(
    connection,
    `update account.role r set valid_until = $3, valid_from = least(r.valid_from, $3)
     where r.account = $1 and r.id = $2 and r.valid_until > $3 returning ${roleColumns}`,
    [account, id, time(at)],
  );
  await connection.query('delete from account.session where role = $1', [id]);
  return rows[0] && toRole(rows[0]);
}

/** One at a time takes away what could leave nobody who may administer. */
export async function lockAdministration(transaction: Transaction): Promise<void> {
  await transaction.query(`select pg_advisory_xact_lock(hashtext('account.administration'))`);
}

/** Whether somebody may administer now; with `isReady`, somebody who could sign in and do so. */
export async function hasAdministrator(connection: Connection, at: number, isReady: boolean): Promise<boolean> {
  const rows = await rowsOf(
    connection,
    `select from account.role r join account.account a on a.id = r.account
     where r.role = 'administrator' and r.valid_from <= $1 and r.valid_until > $1 and a.locked_at is null
       and (not $2 or a.password is not null or a.demonstration is not null
         or exists (select from account.passkey p where p.account = a.id))
     limit 1`,
    [time(at), isReady],
  );
  return rows.length > 0;
}

interface SessionRow extends AccountRow, RoleRow {
  session_id: string;
  methods: Method[];
  address: string;
  agent: string;
  started_at: Date;
  seen_at: Date;
  ends_at: Date;
}

const sessionTables = `account.session s join account.account a on a.id = s.account join account.role r on r.id = s.role`;
const sessionColumns = `${accountColumns}, ${roleColumns}, s.id as session_id, s.methods, s.address, s.agent,
  s.created_at as started_at, s.seen_at, s.ends_at`;
const isSessionOpen = `s.ends_at > $2 and s.seen_at > $3 and a.locked_at is null and r.valid_from <= $2 and r.valid_until > $2`;

const toSession = (row: SessionRow): Session => {
  const { password: _, passwordAt: __, ...account } = toAccount(row);
  return {
    id: row.session_id,
    account,
    role: toRole(row),
    methods: row.methods,
    address: row.address,
    agent: row.agent,
    startedAt: row.started_at.getTime(),
    seenAt: row.seen_at.getTime(),
    endsAt: row.ends_at.getTime(),
  };
};

/** `idleSince`: whoever was not seen after it has gone. */
export async function findSession(
  connection: Connection,
  hash: Buffer,
  now: number,
  idleSince: number,
): Promise<Session | undefined> {
  const rows = await rowsOf<SessionRow>(
    connection,
    `select ${sessionColumns} from ${sessionTables} where s.hash = $1 and ${isSessionOpen}`,
    [hash, time(now), time(idleSince)],
  );
  return rows[0] && toSession(rows[0]);
}

export async function listSessions(
  connection: Connection,
  account: string,
  now: number,
  idleSince: number,
): Promise<Session[]> {
  const rows = await rowsOf<SessionRow>(
    connection,
    `select ${sessionColumns} from ${sessionTables} where s.account = $1 and ${isSessionOpen} order by s.seen_at desc limit 100`,
    [account, time(now), time(idleSince)],
  );
  return rows.map(toSession);
}

export interface NewSession {
  id: string;
  hash: Buffer;
  account: string;
  role: string;
  methods: readonly Method[];
  address: string;
  agent: string;
  at: number;
  endsAt: number;
}

/** Keeps the hundred latest of an account, and clears away some that ended long ago. */
export async function insertSession(connection: Connection, session: NewSession): Promise<void> {
  await connection.query(
    `insert into account.session (id, hash, account, role, methods, address, agent, created_at, seen_at, ends_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
    [
      session.id,
      session.hash,
      session.account,
      session.role,
      session.methods,
      session.address,
      session.agent,
      time(session.at),
      time(session.endsAt),
    ],
  );
  await connection.query(
    `delete from account.session where id in (
       (select id from account.session where ends_at < $2 limit 100)
       union all
       (select id from account.session where account = $1 order by created_at desc, id desc offset 100))`,
    [session.account, time(session.at)],
  );
}

export async function touchSession(connection: Connection, id: string, at: number): Promise<void> {
  await connection.query('update account.session set seen_at = greatest(seen_at, $2) where id = $1', [id, time(at)]);
}

/** Ends sessions of an account, all but one, or the one that is named; says how many. */
export async function deleteSessions(
  connection: Connection,
  account: string,
  which: { only?: string | undefined; except?: string | undefined } = {},
): Promise<number> {
  const { rowCount } = await connection.query(
    `delete from account.session where account = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3)`,
    [account, which.only ?? null, which.except ?? null],
  );
  return rowCount ?? 0;
}

export interface Ticket<Body = unknown> {
  account: string | undefined;
  body: Body;
}

export async function insertTicket(
  connection: Connection,
  ticket: { hash: Buffer; kind: string; account: string | undefined; body: unknown; at: number; expiresAt: number },
): Promise<void> {
  await connection.query(
    `with old as (delete from account.ticket where hash in (
       select hash from account.ticket where expires_at < $6 limit 100 for update skip locked))
     insert into account.ticket (hash, kind, account, body, expires_at) values ($1, $2, $3, $4, $5)`,
    [
      ticket.hash,
      ticket.kind,
      ticket.account ?? null,
      JSON.stringify(ticket.body),
      time(ticket.expiresAt),
      time(ticket.at),
    ],
  );
}

interface TicketRow {
  account: string | null;
  body: unknown;
}

export async function findTicket(
  connection: Connection,
  hash: Buffer,
  kind: string,
  now: number,
): Promise<Ticket | undefined> {
  const rows = await rowsOf<TicketRow>(
    connection,
    'select account, body from account.ticket where hash = $1 and kind = $2 and expires_at > $3',
    [hash, kind, time(now)],
  );
  return rows[0] && { account: rows[0].account ?? undefined, body: rows[0].body };
}

/** The same, of which only the first caller gets it. */
export async function takeTicket(
  connection: Connection,
  hash: Buffer,
  kind: string,
  now: number,
): Promise<Ticket | undefined> {
  const rows = await rowsOf<TicketRow>(
    connection,
    'delete from account.ticket where hash = $1 and kind = $2 and expires_at > $3 returning account, body',
    [hash, kind, time(now)],
  );
  return rows[0] && { account: rows[0].account ?? undefined, body: rows[0].body };
}

export async function deleteTickets(connection: Connection, account: string): Promise<void> {
  await connection.query('delete from account.ticket where account = $1', [account]);
}

export interface AttemptRule {
  /** So many guesses are free. */
  free: number;
  /** How long the first one after them must wait; each later one twice as long, up to the last figure. */
  delayMs: number;
  mostMs: number;
  /** Without another guess for so long, all is forgotten. */
  forgetMs: number;
}

/**
 * Counts a guess before it is looked at, so that a hundred at once are a hundred. Returns until when further ones wait if this
 * one may not be made, and undefined when it may.
 */
export async function reserveAttempt(
  connection: Connection,
  key: Buffer,
  { free, delayMs, mostMs, forgetMs }: AttemptRule,
  now: number,
): Promise<number | undefined> {
  const failures = 'case when t.last_at < $2 then 1 else t.failures + 1 end';
  const wait = (count: string) =>
    `case when ${count} < $3 then $1::timestamptz
      else $1::timestamptz + least($5::float8, $4::float8 * 2 ^ least(${count} - $3, 40)) * interval '1 millisecond' end`;
  const rows = await rowsOf(
    connection,
    `insert into account.attempt as t (key, failures, last_at, blocked_until)
     values ($6, 1, $1, ${wait('1')})
     on conflict (key) do update set failures = ${failures}, last_at = $1, blocked_until = ${wait(`(${failures})`)}
     where t.blocked_until <= $1
     returning 1`,
    [time(now), time(now - forgetMs), free, delayMs, mostMs, key],
  );
  if (rows.length > 0) return undefined;
  const blocked = await rowsOf<{ blocked_until: Date }>(
    connection,
    'select blocked_until from account.attempt where key = $1',
    [key],
  );
  return blocked[0]?.blocked_until.getTime() ?? now;
}

/** Takes one guess back that was none; all of them with `isAll`. */
export async function forgiveAttempt(connection: Connection, key: Buffer, isAll: boolean, now: number): Promise<void> {
  if (isAll) await connection.query('delete from account.attempt where key = $1', [key]);
  else {
    await connection.query(
      `update account.attempt set failures = greatest(failures - 1, 0), blocked_until = least(blocked_until, $2) where key = $1`,
      [key, time(now)],
    );
  }
}

export async function deleteOldAttempts(connection: Connection, before: number): Promise<void> {
  await connection.query(
    'delete from account.attempt where key in (select key from account.attempt where last_at < $1 limit 100 for update skip locked)',
    [time(before)],
  );
}

export async function keepFingerprint(connection: Connection, fingerprint: Buffer): Promise<Buffer> {
  await connection.query('insert into account.sealing_key (fingerprint) values ($1) on conflict do nothing', [
    fingerprint,
  ]);
  const rows = await rowsOf<{ fingerprint: Buffer }>(connection, 'select fingerprint from account.sealing_key', []);
  return rows[0]?.fingerprint ?? fingerprint;
}
