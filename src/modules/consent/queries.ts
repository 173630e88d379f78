import { grantKey, grantKinds } from '#fhir/access/index.ts';
import type { Connection } from '#fhir/store/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';

/** Requests of one party to one patient are made one after the other. */
export async function lockPair(transaction: Transaction, patient: string, party: string): Promise<void> {
  await run(transaction, 'consent.lock', 'select pg_advisory_xact_lock(hashtextextended($1, 8119))', [
    `${patient} ${party}`,
  ]);
}

export async function setDeadline(transaction: Transaction, id: string, at: number): Promise<void> {
  await run(
    transaction,
    'consent.set-deadline',
    'insert into consent.deadline (id, at) values ($1, $2) on conflict (id) do update set at = excluded.at',
    [id, at],
  );
}

export async function dropDeadline(transaction: Transaction, id: string): Promise<void> {
  await run(transaction, 'consent.drop-deadline', 'delete from consent.deadline where id = $1', [id]);
}

/** The longest due, held until the transaction ends; what another process holds is left to it. */
export async function takeDue(transaction: Transaction, now: number): Promise<string | undefined> {
  const rows = await run<[string]>(
    transaction,
    'consent.take-due',
    'select id from consent.deadline where at <= $1 order by at limit 1 for update skip locked',
    [now],
  );
  return rows[0]?.[0];
}

/** Moves grants that ended before that time (microseconds since 1970 UTC) to the history; how many, at most so many. */
export async function putAwayExpired(connection: Connection, before: number, atMost: number): Promise<number> {
  const rows = await run<[string]>(connection, 'consent.put-away', 'select access.put_away_expired($1, $2)', [
    before,
    atMost,
  ]);
  return Number(rows[0]?.[0] ?? 0);
}

export interface Acting {
  /** Of the resource at the other end: the proxy, or the patient they act for. */
  readonly rid: number;
  readonly source: number;
  /** Microseconds since 1970 UTC. */
  readonly low: number;
  readonly high: number;
}

const toActing = ([rid, source, low, high]: readonly string[]): Acting => ({
  rid: Number(rid),
  source: Number(source),
  low: Number(low),
  high: Number(high),
});

/** Whether one may act for the other now. */
export async function mayActFor(connection: Connection, proxy: number, patient: number, at: number): Promise<boolean> {
  const rows = await run(
    connection,
    'consent.may-act',
    'select 1 from fhir.access_grant where key = $1 and patient = $2 and low <= $3 and high > $3 limit 1',
    [grantKey(proxy, grantKinds.proxy), patient, at],
  );
  return rows.length > 0;
}

/** For whom somebody may act at a time; a hundred at most. */
export async function selectWards(connection: Connection, proxy: number, at: number): Promise<Acting[]> {
  const rows = await run<string[]>(
    connection,
    'consent.wards',
    `select patient, source, low, high from fhir.access_grant
     where key = $1 and low <= $2 and high > $2 order by patient limit 100`,
    [grantKey(proxy, grantKinds.proxy), at],
  );
  return rows.map(toActing);
}

/** Who may act for somebody at a time; a hundred at most. */
export async function selectProxies(connection: Connection, patient: number, at: number): Promise<Acting[]> {
  const rows = await run<string[]>(
    connection,
    'consent.proxies',
    `select key >> 8, source, low, high from fhir.access_grant
     where patient = $1 and low <= $2 and high > $2 and key & 255 = $3 order by key limit 100`,
    [patient, at, grantKinds.proxy],
  );
  return rows.map(toActing);
}

export interface NamedRow {
  readonly rid: number;
  readonly id: string;
  readonly content: string | null;
}

export async function selectResources(connection: Connection, rids: readonly number[]): Promise<NamedRow[]> {
  const rows = await run<[string, string, string | null]>(
    connection,
    'consent.resources',
    'select rid, id, content from fhir.resource where rid = any ($1::int8[])',
    [rids],
  );
  return rows.map(([rid, id, content]) => ({ rid: Number(rid), id, content }));
}

/** A grant that stood and held at some time of a span. */
export interface PastGrant {
  readonly party: number;
  readonly kind: number;
  readonly source: number;
  /** Of the span, when it was open: microseconds since 1970 UTC. */
  readonly from: number;
  readonly until: number;
  /** If there are, only what is dated in this range was open. */
  readonly dataLow: number | undefined;
  readonly dataHigh: number | undefined;
}

/** Grants of a patient that were open at some time from `from` up to `until`, those that stand no more included. */
export async function selectOpenIn(
  connection: Connection,
  asked: { readonly patient: number; readonly from: number; readonly until: number; readonly limit: number },
): Promise<PastGrant[]> {
  const rows = await run<(string | null)[]>(
    connection,
    'consent.open-in',
    `select key >> 8, key & 255, source, greatest(low, since, $2), least(high, until, $3), data_low, data_high
     from (
       select key, source, low, high, data_low, data_high, since, 9223372036854775807 as until
       from fhir.access_grant where patient = $1
       union all
       select key, source, low, high, data_low, data_high, since, until
       from access.grant_history where patient = $1 and until > $2
     ) g
     where greatest(low, since, $2) < least(high, until, $3)
     order by 1, 2, 4 limit $4`,
    [asked.patient, asked.from, asked.until, asked.limit],
  );
  return rows.map(([party, kind, source, from, until, dataLow, dataHigh]) => ({
    party: Number(party),
    kind: Number(kind),
    source: Number(source),
    from: Number(from),
    until: Number(until),
    dataLow: dataLow === null ? undefined : Number(dataLow),
    dataHigh: dataHigh === null ? undefined : Number(dataHigh),
  }));
}
