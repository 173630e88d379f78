import { consentDenial, grantKey, grantKinds } from '#fhir/access/index.ts';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { Scope } from './code.ts';
import type { Algorithm, PublicJwk } from './signature.ts';

type Connection = Pool | Transaction;

export interface StoredKey {
  readonly id: string;
  readonly algorithm: Algorithm;
  readonly publicJwk: PublicJwk;
  readonly sealed: Buffer;
  readonly signsFrom: number;
}

export async function lockKeys(transaction: Transaction): Promise<void> {
  await run(transaction, 'health-code.lock-keys', 'select pg_advisory_xact_lock(8123, 1)', []);
}

/** Newest first; one is made every ninety days. */
export async function selectKeys(connection: Connection): Promise<StoredKey[]> {
  const rows = await run<[string, Algorithm, PublicJwk, Buffer, string]>(
    connection,
    'health-code.keys',
    'select id, algorithm, public_jwk, sealed, signs_from from health_code.signing_key order by signs_from desc limit 1000',
    [],
  );
  return rows.map(([id, algorithm, publicJwk, sealed, signsFrom]) => ({
    ...{ id, algorithm, publicJwk, sealed },
    signsFrom: Number(signsFrom),
  }));
}

export async function insertKey(transaction: Transaction, key: StoredKey): Promise<void> {
  await run(
    transaction,
    'health-code.insert-key',
    'insert into health_code.signing_key (id, algorithm, public_jwk, sealed, signs_from) values ($1, $2, $3, $4, $5)',
    [key.id, key.algorithm, JSON.stringify(key.publicJwk), key.sealed, key.signsFrom],
  );
}

export interface Account {
  readonly number: number;
  readonly patient: string;
  readonly frozen: number | undefined;
  readonly scopes: readonly Scope[];
}

const accountColumns = `number, patient, frozen, array(
  select scope from health_code.consent c where c.account = a.number and c.revoked is null)`;

type AccountRow = [string, string, string | null, Scope[]];

const toAccount = ([number, patient, frozen, scopes]: AccountRow): Account => ({
  number: Number(number),
  patient,
  frozen: frozen === null ? undefined : Number(frozen),
  scopes,
});

export async function selectAccount(connection: Connection, patient: string): Promise<Account | undefined> {
  const rows = await run<AccountRow>(
    connection,
    'health-code.account',
    `select ${accountColumns} from health_code.account a where patient = $1`,
    [patient],
  );
  return rows[0] && toAccount(rows[0]);
}

/** The account of that number, held until the transaction ends, so that what is decided of it stays so. */
export async function lockAccount(transaction: Transaction, number: number): Promise<Account | undefined> {
  const held = await run(
    transaction,
    'health-code.lock-account',
    'select 1 from health_code.account where number = $1 for update',
    [number],
  );
  if (held.length === 0) return undefined;
  const rows = await run<AccountRow>(
    transaction,
    'health-code.account-of-number',
    `select ${accountColumns} from health_code.account a where number = $1`,
    [number],
  );
  return rows[0] && toAccount(rows[0]);
}

export async function ensureAccount(transaction: Transaction, patient: string): Promise<number> {
  const rows = await run<[string]>(
    transaction,
    'health-code.ensure-account',
    `insert into health_code.account (patient) values ($1)
     on conflict (patient) do update set patient = excluded.patient returning number`,
    [patient],
  );
  return Number(rows[0]?.[0]);
}

export async function setFrozen(transaction: Transaction, account: number, at: number | undefined): Promise<void> {
  await run(transaction, 'health-code.freeze', 'update health_code.account set frozen = $2 where number = $1', [
    account,
    at ?? null,
  ]);
}

export async function giveScope(
  transaction: Transaction,
  { account, scope, by, at }: { account: number; scope: Scope; by: string; at: number },
): Promise<void> {
  await run(
    transaction,
    'health-code.give-scope',
    `insert into health_code.consent (account, scope, given_by, since) values ($1, $2, $3, $4)
     on conflict (account, scope) where revoked is null do nothing`,
    [account, scope, by, at],
  );
}

export async function revokeScope(
  transaction: Transaction,
  { account, scope, by, at }: { account: number; scope: Scope; by: string; at: number },
): Promise<void> {
  await run(
    transaction,
    'health-code.revoke-scope',
    `update health_code.consent set revoked = $4, revoked_by = $3
     where account = $1 and scope = $2 and revoked is null`,
    [account, scope, by, at],
  );
}

/** False when the code was taken already, by whomever it was: of two at once one wins. */
export async function redeem(
  transaction: Transaction,
  taken: { handle: string; actor: string; at: number; forgetAt: number },
): Promise<boolean> {
  const rows = await run(
    transaction,
    'health-code.redeem',
    `insert into health_code.redeemed (handle, actor, taken_at, forget_at) values ($1, $2, $3, $4)
     on conflict (handle) do nothing returning 1`,
    [taken.handle, taken.actor, taken.at, taken.forgetAt],
  );
  return rows.length > 0;
}

export async function isTakenBy(
  connection: Connection,
  taken: { handle: string; actor: string; at: number },
): Promise<boolean> {
  const rows = await run(
    connection,
    'health-code.taken-by',
    'select 1 from health_code.redeemed where handle = $1 and actor = $2 and taken_at = $3',
    [taken.handle, taken.actor, taken.at],
  );
  return rows.length > 0;
}

/** Puts the digits of a code down; false when they are somebody else's in this minute, or were used in it. */
export async function keepDigits(
  transaction: Transaction,
  row: { step: number; digits: string; account: number; handle: string; issued: number },
): Promise<boolean> {
  const rows = await run(
    transaction,
    'health-code.keep-digits',
    `insert into health_code.digits as d (step, digits, account, handle, issued) values ($1, $2, $3, $4, $5)
     on conflict (step, digits) do update set handle = excluded.handle, issued = excluded.issued
     where d.account = excluded.account and not d.is_used returning 1`,
    [row.step, row.digits, row.account, row.handle, row.issued],
  );
  return rows.length > 0;
}

export interface ShownDigits {
  readonly account: number;
  readonly handle: string;
  readonly issued: number;
  readonly isUsed: boolean;
}

export async function findDigits(
  transaction: Transaction,
  digits: string,
  steps: readonly number[],
): Promise<ShownDigits | undefined> {
  const rows = await run<[string, string, string, boolean]>(
    transaction,
    'health-code.find-digits',
    `select account, handle, issued, is_used from health_code.digits
     where step = any ($2::int8[]) and digits = $1 order by step desc limit 1`,
    [digits, steps],
  );
  const [row] = rows;
  return row && { account: Number(row[0]), handle: row[1], issued: Number(row[2]), isUsed: row[3] };
}

export async function spendDigits(transaction: Transaction, handle: string, steps: readonly number[]): Promise<void> {
  await run(
    transaction,
    'health-code.spend-digits',
    'update health_code.digits set is_used = true where step = any ($2::int8[]) and handle = $1',
    [handle, steps],
  );
}

/** What nobody can ask for any more; a bounded number at a time. */
export async function forget(transaction: Transaction, at: number, step: number): Promise<void> {
  await run(
    transaction,
    'health-code.forget-digits',
    `delete from health_code.digits where (step, digits) in (
       select step, digits from health_code.digits where step < $1 limit 100 for update skip locked)`,
    [step],
  );
  await run(
    transaction,
    'health-code.forget-redeemed',
    `delete from health_code.redeemed where handle in (
       select handle from health_code.redeemed where forget_at < $1 limit 100 for update skip locked)`,
    [at],
  );
  await run(
    transaction,
    'health-code.forget-tokens',
    `delete from health_code.token where hash in (
       select hash from health_code.token where ends < $1 limit 100 for update skip locked)`,
    [at],
  );
}

/** How often somebody has typed wrong digits since then. */
export async function countMisses(connection: Connection, actor: string, since: number): Promise<number> {
  const rows = await run<[number]>(
    connection,
    'health-code.count-misses',
    'select count(*)::int4 from health_code.miss where actor = $1 and at > $2',
    [actor, since],
  );
  return rows[0]?.[0] ?? 0;
}

export async function insertMiss(transaction: Transaction, actor: string, at: number, before: number): Promise<void> {
  await run(transaction, 'health-code.drop-misses', 'delete from health_code.miss where actor = $1 and at < $2', [
    actor,
    before,
  ]);
  await run(transaction, 'health-code.insert-miss', 'insert into health_code.miss (actor, at) values ($1, $2)', [
    actor,
    at,
  ]);
}

export interface Paper {
  readonly handle: string;
  readonly account: number;
  readonly code: string;
  readonly made: number;
  readonly revoked: number | undefined;
}

type PaperRow = [string, string, string, string, string | null];

const toPaper = ([handle, account, code, made, revoked]: PaperRow): Paper => ({
  ...{ handle, account: Number(account), code, made: Number(made) },
  revoked: revoked === null ? undefined : Number(revoked),
});

export async function insertPaper(transaction: Transaction, paper: Omit<Paper, 'revoked'>): Promise<void> {
  await run(
    transaction,
    'health-code.insert-paper',
    'insert into health_code.paper (handle, account, code, made) values ($1, $2, $3, $4)',
    [paper.handle, paper.account, paper.code, paper.made],
  );
}

export async function selectPaper(connection: Connection, handle: string): Promise<Paper | undefined> {
  const rows = await run<PaperRow>(
    connection,
    'health-code.paper',
    'select handle, account, code, made, revoked from health_code.paper where handle = $1',
    [handle],
  );
  return rows[0] && toPaper(rows[0]);
}

export async function selectPaperInForce(connection: Connection, account: number): Promise<Paper | undefined> {
  const rows = await run<PaperRow>(
    connection,
    'health-code.paper-in-force',
    `select handle, account, code, made, revoked from health_code.paper where account = $1 and revoked is null`,
    [account],
  );
  return rows[0] && toPaper(rows[0]);
}

export async function revokePaper(transaction: Transaction, account: number, at: number): Promise<boolean> {
  const rows = await run(
    transaction,
    'health-code.revoke-paper',
    'update health_code.paper set revoked = $2 where account = $1 and revoked is null returning 1',
    [account, at],
  );
  return rows.length > 0;
}

export interface Use {
  readonly at: number;
  readonly place: string;
  readonly kind: string;
  readonly actor: string;
  readonly display: string;
  readonly organization: string | undefined;
  readonly scopes: readonly Scope[];
  readonly refusal: string | undefined;
}

export async function insertUse(transaction: Transaction, account: number, use: Use): Promise<void> {
  await run(
    transaction,
    'health-code.insert-use',
    `insert into health_code.use (account, at, place, kind, actor, display, organization, scopes, refusal)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[account, use.at, use.place, use.kind, use.actor, use.display],
      ...[use.organization ?? null, use.scopes, use.refusal ?? null],
    ],
  );
}

/** The last fifty. */
export async function selectUses(connection: Connection, account: number): Promise<Use[]> {
  const rows = await run<[string, string, string, string, string, string | null, Scope[], string | null]>(
    connection,
    'health-code.uses',
    `select at, place, kind, actor, display, organization, scopes, refusal from health_code.use
     where account = $1 order by number desc limit 50`,
    [account],
  );
  return rows.map(([at, place, kind, actor, display, organization, scopes, refusal]) => ({
    ...{ at: Number(at), place, kind, actor, display, scopes },
    organization: organization ?? undefined,
    refusal: refusal ?? undefined,
  }));
}

export interface Token {
  readonly account: number;
  readonly patient: string;
  readonly scopes: readonly Scope[];
  readonly actor: string;
  readonly organization: string | undefined;
  readonly ends: number;
}

export async function insertToken(transaction: Transaction, hash: Buffer, token: Token): Promise<void> {
  await run(
    transaction,
    'health-code.insert-token',
    `insert into health_code.token (hash, account, patient, scopes, actor, organization, ends)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [hash, token.account, token.patient, token.scopes, token.actor, token.organization ?? null, token.ends],
  );
}

export async function selectToken(connection: Connection, hash: Buffer): Promise<Token | undefined> {
  const rows = await run<[string, string, Scope[], string, string | null, string]>(
    connection,
    'health-code.token',
    'select account, patient, scopes, actor, organization, ends from health_code.token where hash = $1',
    [hash],
  );
  const [row] = rows;
  if (!row) return undefined;
  const [account, patient, scopes, actor, organization, ends] = row;
  return {
    ...{ account: Number(account), patient, scopes, actor },
    organization: organization ?? undefined,
    ends: Number(ends),
  };
}

export async function selectRid(connection: Connection, type: string, id: string): Promise<number | undefined> {
  const rows = await run<[string]>(
    connection,
    'health-code.rid',
    'select rid from fhir.resource where type = $1::int2 and id = $2 and method not in (0, 3)',
    [resourceTypeNumber(type), id],
  );
  return rows[0] && Number(rows[0][0]);
}

/** Whether one may act for the other now (milliseconds since 1970 UTC). */
export async function mayActFor(connection: Connection, proxy: number, patient: number, at: number): Promise<boolean> {
  const rows = await run(
    connection,
    'health-code.may-act',
    'select 1 from fhir.access_grant where key = $1 and patient = $2 and low <= $3 and high > $3 limit 1',
    [grantKey(proxy, grantKinds.proxy), patient, at * 1000],
  );
  return rows.length > 0;
}

/** Whether a patient has closed one of these categories of data to one of these parties, or to everybody (0). */
export async function isClosed(
  connection: Connection,
  asked: { patient: number; parties: readonly number[]; categories: readonly number[]; at: number },
): Promise<boolean> {
  const keys = asked.parties.flatMap((party) =>
    asked.categories.map((category) => `${grantKey(party, consentDenial(category))}`),
  );
  const rows = await run(
    connection,
    'health-code.closed',
    `select 1 from fhir.access_grant
     where key = any ($1::int8[]) and patient = $2 and low <= $3 and high > $3 limit 1`,
    [keys, asked.patient, asked.at * 1000],
  );
  return rows.length > 0;
}
