import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../store/index.ts';

export type { Connection };

export type Status = 'requested' | 'active' | 'error' | 'off';

export interface SubscriptionRow {
  rid: number;
  id: string;
  version: number;
  status: Status;
  channel: string;
  agreement: string;
  issued: number;
  sent: number;
  attempts: number;
  failingSince: Date | null;
  failure: string | null;
  contacted: Date | null;
  /** How often it was asked to send events once more, and up to which request that was done. */
  asked: number;
  answered: number;
}

const columns =
  'rid, id, version, status, channel, agreement, issued, sent, attempts, failing_since, failure, contacted, asked, answered';

const toRow = (row: unknown[]): SubscriptionRow => ({
  rid: Number(row[0]),
  id: row[1] as string,
  version: row[2] as number,
  status: row[3] as Status,
  channel: row[4] as string,
  agreement: row[5] as string,
  issued: Number(row[6]),
  sent: Number(row[7]),
  attempts: row[8] as number,
  failingSince: row[9] as Date | null,
  failure: row[10] as string | null,
  contacted: row[11] as Date | null,
  asked: row[12] as number,
  answered: row[13] as number,
});

export async function selectGeneration(connection: Connection): Promise<number> {
  const rows = await run(connection, 'subscription-generation', 'select number from fhir.subscription_generation', []);
  return Number(rows[0]?.[0]);
}

/** Subscriptions that are told of changes. */
export async function selectWatching(connection: Connection): Promise<SubscriptionRow[]> {
  const text = `select ${columns} from fhir.subscription where status <> 'off' order by rid`;
  return (await run(connection, 'subscription-watching', text, [])).map(toRow);
}

export async function selectSubscriptions(connection: Connection, ids: readonly string[]): Promise<SubscriptionRow[]> {
  const text = `select ${columns} from fhir.subscription where id = any ($1::text[]) order by id`;
  return (await run(connection, 'subscription-by-id', text, [ids])).map(toRow);
}

/** A page of all, by id. */
export async function selectPage(connection: Connection, after: string, limit: number): Promise<SubscriptionRow[]> {
  const text = `select ${columns} from fhir.subscription where id > $1 order by id limit $2`;
  return (await run(connection, 'subscription-page', text, [after, limit])).map(toRow);
}

export async function selectByRid(connection: Connection, rid: number): Promise<SubscriptionRow | undefined> {
  const text = `select ${columns} from fhir.subscription where rid = $1`;
  const rows = await run(connection, 'subscription-by-rid', text, [rid]);
  return rows[0] && toRow(rows[0]);
}

export async function selectByRids(connection: Connection, rids: readonly number[]): Promise<SubscriptionRow[]> {
  const text = `select ${columns} from fhir.subscription where rid = any ($1::int8[])`;
  return (await run(connection, 'subscription-by-rids', text, [rids])).map(toRow);
}

/** Subscription resources of a range of rids, for the first reading. */
export async function selectStored(
  connection: Connection,
  first: number,
  last: number,
  limit: number,
): Promise<{ rid: number; version: number }[]> {
  const rows = await run(
    connection,
    'subscription-stored',
    'select rid, version from fhir.resource where rid between $1 and $2 and method not in (0, 3) order by rid limit $3',
    [first, last, limit],
  );
  return rows.map((row) => ({ rid: Number(row[0]), version: row[1] as number }));
}

export interface Registration {
  rid: number;
  id: string;
  version: number;
  status: Status;
  channel: string;
  agreement: string;
  failure: string | null;
}

/** Puts a version of a Subscription in force, with something to do for the senders unless it is off. */
export async function registerSubscription(connection: Connection, registration: Registration): Promise<void> {
  const { rid, id, version, status, channel, agreement, failure } = registration;
  await run(
    connection,
    'subscription-register',
    `with generation as (update fhir.subscription_generation set number = number + 1)
     insert into fhir.subscription (rid, id, version, status, channel, agreement, failure, due)
     values ($1, $2, $3, $4, $5, $6, $7, case when $4 = 'off' then null else now() end)
     on conflict (rid) do update
     set version = excluded.version, status = excluded.status, channel = excluded.channel,
       agreement = excluded.agreement, failure = excluded.failure, due = excluded.due, attempts = 0, failing_since = null`,
    [rid, id, version, status, channel, agreement, failure],
  );
}

/** A new version that changes nothing for the receiver. */
export async function moveVersion(connection: Connection, rid: number, version: number): Promise<void> {
  await run(
    connection,
    'subscription-move',
    `with generation as (update fhir.subscription_generation set number = number + 1)
     update fhir.subscription set version = $2, due = coalesce(due, now()) where rid = $1`,
    [rid, version],
  );
}

export interface EventColumns {
  /** Of the subscription. */
  subscriptions: number[];
  /** 1, 2, 3 ... among the new events of the subscription. */
  ordinals: number[];
  written: Date[];
  rids: number[];
  versions: number[];
}

/** Numbers new events after those that each subscription has, and tells the senders. */
export async function insertEvents(connection: Connection, events: EventColumns): Promise<void> {
  await run(
    connection,
    'subscription-events',
    `with new as (
       select * from unnest($1::int8[], $2::int8[], $3::timestamptz[], $4::int8[], $5::int4[])
         as event (subscription, ordinal, written, rid, version)
     ), counted as (
       update fhir.subscription s
       set issued = s.issued + c.count,
         due = case when s.attempts = 0 and s.channel = 'rest-hook' and s.status <> 'error'
           then least(s.due, now()) else s.due end
       from (select subscription, count(*) as count from new group by subscription) c
       where s.rid = c.subscription
       returning s.rid, s.issued - c.count as before
     )
     insert into fhir.subscription_event (subscription, number, written, rid, version)
     select n.subscription, c.before + n.ordinal, n.written, n.rid, n.version
     from new n join counted c on c.rid = n.subscription`,
    [events.subscriptions, events.ordinals, events.written, events.rids, events.versions],
  );
  await run(connection, 'subscription-notify', `select pg_notify('fhir_event', '')`, []);
}

export interface EventRow {
  number: number;
  written: Date;
  rid: number;
  version: number;
}

const toEvent = (row: unknown[]): EventRow => ({
  number: Number(row[0]),
  written: row[1] as Date,
  rid: Number(row[2]),
  version: row[3] as number,
});

/** Events after a number, up to another one. */
export async function selectEvents(
  connection: Connection,
  subscription: number,
  after: number,
  upTo: number,
  limit: number,
): Promise<EventRow[]> {
  const rows = await run(
    connection,
    'subscription-select-events',
    `select number, written, rid, version from fhir.subscription_event
     where subscription = $1 and number > $2 and number <= $3 order by number limit $4`,
    [subscription, after, upTo, limit],
  );
  return rows.map(toEvent);
}

/** Takes subscriptions for which something is due, each until its lease ends. */
export async function claimSubscriptions(
  connection: Connection,
  owner: string,
  leaseMs: number,
  limit: number,
): Promise<SubscriptionRow[]> {
  const rows = await run(
    connection,
    'subscription-claim',
    `update fhir.subscription s
     set owner = $1, lease = now() + make_interval(secs => $2::float8 / 1000)
     from (
       select rid from fhir.subscription
       where due <= now() and (lease is null or lease < now())
       order by due limit $3 for update skip locked
     ) c
     where s.rid = c.rid
     returning ${columns.replace(/\w+/g, 's.$&')}`,
    [owner, leaseMs, limit],
  );
  return rows.map(toRow);
}

/** Extends the lease; undefined when another sender has it now. */
export async function renewLease(
  connection: Connection,
  rid: number,
  owner: string,
  leaseMs: number,
): Promise<SubscriptionRow | undefined> {
  const rows = await run(
    connection,
    'subscription-renew',
    `update fhir.subscription set lease = now() + make_interval(secs => $3::float8 / 1000)
     where rid = $1 and owner = $2 returning ${columns}`,
    [rid, owner, leaseMs],
  );
  return rows[0] && toRow(rows[0]);
}

/** Extends all leases of a sender that is alive. */
export async function renewLeases(connection: Connection, owner: string, leaseMs: number): Promise<void> {
  await run(
    connection,
    'subscription-renew-all',
    `update fhir.subscription set lease = now() + make_interval(secs => $2::float8 / 1000)
     where owner = $1 and lease is not null`,
    [owner, leaseMs],
  );
}

/** The receiver took everything up to `sent`. */
export async function markSent(connection: Connection, rid: number, owner: string, sent: number): Promise<void> {
  await run(
    connection,
    'subscription-sent',
    `update fhir.subscription
     set sent = greatest(sent, $3), attempts = 0, failing_since = null, failure = null, contacted = now()
     where rid = $1 and owner = $2`,
    [rid, owner, sent],
  );
}

/** Gives a subscription back after a failure: the next attempt comes after a while, or at once when it has changed. */
export async function markFailed(
  connection: Connection,
  rid: number,
  owner: string,
  version: number,
  failure: string,
  waitMs: number,
): Promise<void> {
  await run(
    connection,
    'subscription-failed',
    `update fhir.subscription
     set attempts = attempts + 1, failing_since = coalesce(failing_since, now()), failure = $4,
       due = case when version <> $3 then now() else now() + make_interval(secs => $5::float8 / 1000) end, owner = null, lease = null
     where rid = $1 and owner = $2`,
    [rid, owner, version, failure, waitMs],
  );
}

/** Does nothing when another version has come into force meanwhile. */
export async function markStatus(
  connection: Connection,
  rid: number,
  owner: string,
  version: number,
  status: Status,
  failure: string | null,
): Promise<void> {
  await run(
    connection,
    'subscription-status',
    `update fhir.subscription set status = $4, failure = $5, attempts = 0,
       contacted = case when $4 = 'active' then now() else contacted end
     where rid = $1 and owner = $2 and version = $3`,
    [rid, owner, version, status, failure],
  );
}

/** Gives a subscription back: due at once when events or a new version came in, otherwise after a while, or never. */
export async function release(
  connection: Connection,
  rid: number,
  owner: string,
  version: number,
  waitMs: number | null,
): Promise<void> {
  await run(
    connection,
    'subscription-release',
    `update fhir.subscription s set owner = null, lease = null,
       due = case
         when version <> $3 or status = 'requested' then now()
         when status = 'active' and channel = 'rest-hook' and (issued > sent or asked > answered) then now()
         when $4::float8 is null then null
         else now() + make_interval(secs => $4::float8 / 1000) end
     where rid = $1 and owner = $2`,
    [rid, owner, version, waitMs],
  );
}

export interface LetterRow extends EventRow {
  since: Date;
  reason: string | null;
  resend: boolean;
}

const letterColumns = 'e.number, e.written, e.rid, e.version, l.since, l.reason, l.resend';

const toLetter = (row: unknown[]): LetterRow => ({
  ...toEvent(row),
  since: row[4] as Date,
  reason: row[5] as string | null,
  resend: row[6] as boolean,
});

export async function selectLetters(
  connection: Connection,
  subscription: number,
  after: number,
  limit: number,
  onlyResend: boolean,
): Promise<LetterRow[]> {
  const rows = await run(
    connection,
    'subscription-letters',
    `select ${letterColumns} from fhir.subscription_letter l
     join fhir.subscription_event e on e.subscription = l.subscription and e.number = l.number
     where l.subscription = $1 and l.number > $2 and (l.resend or not $4) order by l.number limit $3`,
    [subscription, after, limit, onlyResend],
  );
  return rows.map(toLetter);
}

/** Everything that was asked for up to this request was sent once more. */
export async function markAnswered(connection: Connection, rid: number, asked: number): Promise<void> {
  const text = 'update fhir.subscription set answered = greatest(answered, $2) where rid = $1';
  await run(connection, 'subscription-answered', text, [rid, asked]);
}

/** Sets an event aside that the receiver refused. */
export async function insertLetter(
  connection: Connection,
  subscription: number,
  number: number,
  reason: string,
): Promise<void> {
  await run(
    connection,
    'subscription-insert-letter',
    `insert into fhir.subscription_letter (subscription, number, reason, resend) values ($1, $2, $3, false)
     on conflict (subscription, number) do update set reason = excluded.reason, resend = false, since = now()`,
    [subscription, number, reason],
  );
}

export async function deleteLetters(connection: Connection, subscription: number, numbers: number[]): Promise<void> {
  const text = 'delete from fhir.subscription_letter where subscription = $1 and number = any ($2::int8[])';
  await run(connection, 'subscription-delete-letters', text, [subscription, numbers]);
}

/** Has delivered events of a range sent once more; returns how many there are. */
export async function resendEvents(
  connection: Connection,
  subscription: number,
  since: number,
  until: number,
): Promise<number> {
  const rows = await run(
    connection,
    'subscription-resend',
    `with asked as (
       insert into fhir.subscription_letter (subscription, number, resend)
       select e.subscription, e.number, true from fhir.subscription_event e join fhir.subscription s on s.rid = e.subscription
       where e.subscription = $1 and e.number >= $2 and e.number <= $3 and e.number <= s.sent
       on conflict (subscription, number) do update set resend = true
       returning number
     ), woken as (
       update fhir.subscription set asked = asked + 1, due = case when attempts = 0 then least(due, now()) else due end
       where rid = $1
     )
     select count(*) from asked`,
    [subscription, since, until],
  );
  await run(connection, 'subscription-notify', `select pg_notify('fhir_event', '')`, []);
  return Number(rows[0]?.[0]);
}

/** Has all dead letters sent once more; returns how many there are. */
export async function resendLetters(connection: Connection, subscription: number): Promise<number> {
  const rows = await run(
    connection,
    'subscription-resend-letters',
    `with asked as (
       update fhir.subscription_letter set resend = true where subscription = $1 and not resend returning number
     ), woken as (
       update fhir.subscription set asked = asked + 1, due = case when attempts = 0 then least(due, now()) else due end
       where rid = $1
     )
     select count(*) from asked`,
    [subscription],
  );
  await run(connection, 'subscription-notify', `select pg_notify('fhir_event', '')`, []);
  return Number(rows[0]?.[0]);
}

/** Forgets events that are older than so many days, and what belongs to deleted subscriptions; returns how many. */
export async function deleteOldEvents(connection: Connection, days: number, limit: number): Promise<number> {
  const rows = await run(
    connection,
    'subscription-trim',
    `with old as (
       select e.subscription, e.number from fhir.subscription s
       cross join lateral (
         select subscription, number from fhir.subscription_event
         where subscription = s.rid and written < now() - make_interval(days => $1)
           and (number <= s.sent or s.status <> 'active' or s.channel <> 'rest-hook')
         order by number limit $2
       ) e limit $2
     ), letters as (
       delete from fhir.subscription_letter l using old where l.subscription = old.subscription and l.number = old.number
     ), bindings as (
       delete from fhir.subscription_binding where expires < now()
     ), gone as (
       delete from fhir.subscription_event e using old
       where e.subscription = old.subscription and e.number = old.number returning e.number
     )
     select count(*) from gone`,
    [days, limit],
  );
  return Number(rows[0]?.[0]);
}

/** Calls back for each notification until the connection ends. */
export async function listen(connection: Connection): Promise<void> {
  await connection.query('listen fhir_event');
}

/** The number of the oldest event that is kept. */
export async function selectOldest(connection: Connection, subscription: number): Promise<number | undefined> {
  const text = 'select min(number) from fhir.subscription_event where subscription = $1';
  const value = (await run(connection, 'subscription-oldest', text, [subscription]))[0]?.[0];
  return value === null || value === undefined ? undefined : Number(value);
}

export async function saveOwners(
  connection: Connection,
  owners: readonly { rid: number; actor: string }[],
): Promise<void> {
  await run(
    connection,
    'subscription-save-owners',
    `insert into fhir.subscription_owner (rid, actor) select * from unnest($1::int8[], $2::text[])
     on conflict (rid) do update set actor = excluded.actor`,
    [owners.map(({ rid }) => rid), owners.map(({ actor }) => actor)],
  );
}

export async function selectOwner(connection: Connection, rid: number): Promise<string | undefined> {
  const rows = await run(connection, 'subscription-owner', 'select actor from fhir.subscription_owner where rid = $1', [
    rid,
  ]);
  return rows[0]?.[0] as string | undefined;
}
