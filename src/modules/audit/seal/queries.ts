import type { Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../queries.ts';
import type { Block, BlockFacts, Head, Root } from './block.ts';

/** One transaction at a time may seal; false when another does. */
export async function holdSeal(transaction: Transaction): Promise<boolean> {
  const text = `select pg_try_advisory_xact_lock(hashtextextended('audit.seal', 0))`;
  return (await run<[boolean]>(transaction, 'audit-hold-seal', text, []))[0]?.[0] === true;
}

export type Sealable = Omit<BlockFacts, 'number' | 'previous' | 'sealedAt'>;

/** How an event's line is made in JavaScript: verifyBlock in ../verify/verify-events.ts. */
const line = `concat_ws(E'\\x1f', e.number, e.at, e.action, e.outcome, e.interaction, e.entities, e.patients, e.detail, e.agent, e.mac) || E'\\n'`;

/**
 * Takes notes of what is to be sealed, oldest numbers first, and gives what they become, a block for each month. About
 * `limit` events; a note is not divided. The inner order and limit keep the planner on the index of numbers.
 */
export async function takeUnsealed(transaction: Transaction, limit: number): Promise<Sealable[]> {
  const rows = await run<[number, string, number, number, string, string, string]>(
    transaction,
    'audit-take-unsealed',
    `with oldest as materialized (
       select low, high, month, sum(high - low + 1) over (order by low) - (high - low + 1) as before
       from (select * from audit.unsealed order by low limit 5000) u
     ), taken as (
       delete from audit.unsealed u using oldest o
       where u.low = o.low and o.before < $1::int8
       returning u.low, u.high, u.month
     ), ranged as (
       select low, high, month,
         (extract(epoch from make_timestamptz(month / 100, month % 100, 1, 0, 0, 0, 'UTC')) * 1000000)::int8 as low_at,
         (extract(epoch from make_timestamptz(month / 100, month % 100, 1, 0, 0, 0, 'UTC') + interval '1 month')
           * 1000000)::int8 as high_at
       from taken
     ), expected as (
       select month, range_agg(int8range(low, high + 1))::text as numbers, sum(high - low + 1)::int4 as count
       from taken group by month
     ), found as (
       select r.month, count(*)::int4 as count, min(e.at) as low_at, max(e.at) as high_at,
         encode(sha256(convert_to(string_agg(${line}, '' order by e.number), 'UTF8')), 'hex') as digest
       from ranged r cross join lateral (
         select * from audit.event e
         where e.number >= r.low and e.number <= r.high and e.at >= r.low_at and e.at < r.high_at
         order by e.number, e.at limit r.high - r.low + 1
       ) e
       group by r.month
     )
     select x.month, x.numbers, coalesce(f.count, 0), x.count - coalesce(f.count, 0), coalesce(f.low_at, 0),
       coalesce(f.high_at, 0), coalesce(f.digest, encode(sha256(''), 'hex'))
     from expected x left join found f using (month) order by x.month`,
    [limit],
  );
  return rows.map(([month, numbers, count, missing, lowAt, highAt, digest]) => ({
    month,
    numbers,
    count,
    missing,
    lowAt: Number(lowAt),
    highAt: Number(highAt),
    digest,
  }));
}

/** The last block of each of these months, or of all. */
export async function selectHeads(connection: Connection, months?: readonly number[]): Promise<Head[]> {
  const text = `
    with recursive months as (
      (select month from audit.block order by month limit 1)
      union all
      select (select b.month from audit.block b where b.month > m.month order by b.month limit 1) from months m where m.month is not null
    )
    select b.month, b.number, encode(b.hash, 'hex') from months m cross join lateral (
      select month, number, hash from audit.block where month = m.month order by number desc limit 1
    ) b where $1::int4[] is null or b.month = any ($1::int4[])`;
  const rows = await run<[number, string, string]>(connection, 'audit-heads', text, [months ?? null]);
  return rows.map(([month, number, hash]) => ({ month, number: Number(number), hash }));
}

export async function insertBlock(transaction: Transaction, block: Block): Promise<void> {
  const { month, number, numbers, count, missing, lowAt, highAt, digest, previous, hash, key, signature, sealedAt } =
    block;
  await run(
    transaction,
    'audit-insert-block',
    `insert into audit.block (month, number, numbers, count, missing, low_at, high_at, digest, previous, hash, key, signature, sealed_at)
     values ($1, $2, $3::int8multirange, $4, $5, $6, $7, decode($8, 'hex'), decode($9, 'hex'), decode($10, 'hex'), $11, $12, $13)`,
    [month, number, numbers, count, missing, lowAt, highAt, digest, previous, hash, key, signature, sealedAt],
  );
}

export interface LastRoot {
  number: number;
  day: string;
  hash: string;
}

export async function selectLastRoot(connection: Connection): Promise<LastRoot | undefined> {
  const text = `select number, day::text, encode(hash, 'hex') from audit.root order by number desc limit 1`;
  const [row] = await run<[string, string, string]>(connection, 'audit-last-root', text, []);
  return row && { number: Number(row[0]), day: row[1], hash: row[2] };
}

export async function insertRoot(transaction: Transaction, root: Root): Promise<void> {
  const { number, day, heads, previous, hash, key, signature } = root;
  await run(
    transaction,
    'audit-insert-root',
    `insert into audit.root (number, day, heads, previous, hash, key, signature)
     values ($1, $2::date, $3, decode($4, 'hex'), decode($5, 'hex'), $6, $7)`,
    [number, day, heads, previous, hash, key, signature],
  );
}

export async function insertKey(connection: Connection, id: string, publicText: string): Promise<void> {
  const text = 'insert into audit.key (id, public) values ($1, $2) on conflict do nothing';
  await run(connection, 'audit-insert-key', text, [id, publicText]);
}

/** The hash of a block, when it is there. */
export async function selectBlockHash(
  connection: Connection,
  month: number,
  number: number,
): Promise<string | undefined> {
  const text = `select encode(hash, 'hex') from audit.block where month = $1 and number = $2`;
  return (await run<[string]>(connection, 'audit-block-hash', text, [month, number]))[0]?.[0];
}

export interface SealState {
  /** Microseconds since 1970 UTC; undefined before the first seal. */
  sealedAt: number | undefined;
  /** Of the newest month. */
  blocks: number;
  unsealed: number;
}

export async function selectSealState(connection: Connection): Promise<SealState> {
  const text = `select b.sealed_at, coalesce(b.number, 0), (select coalesce(sum(high - low + 1), 0) from audit.unsealed)
    from (select 1) one left join lateral (
      select sealed_at, number from audit.block order by month desc, number desc limit 1
    ) b on true`;
  const [row] = await run<[string | null, string, string]>(connection, 'audit-seal-state', text, []);
  return {
    sealedAt: row?.[0] == null ? undefined : Number(row[0]),
    blocks: Number(row?.[1]),
    unsealed: Number(row?.[2]),
  };
}

export interface PastVerification {
  ended: string;
  seconds: number;
  isWhole: boolean;
  events: number;
  findings: number;
  /** Sentences; at most twenty. */
  examples: string[];
}

export async function selectVerifications(connection: Connection, limit: number): Promise<PastVerification[]> {
  const rows = await run(
    connection,
    'audit-verifications',
    `select ended, extract(epoch from ended - started)::float8, since is null, events, findings, examples
     from audit.verification order by number desc limit $1`,
    [limit],
  );
  return rows.map(([ended, seconds, isWhole, events, findings, examples]) => ({
    ended: (ended as Date).toISOString(),
    seconds: seconds as number,
    isWhole: isWhole as boolean,
    events: Number(events),
    findings: Number(findings),
    examples: (examples as { text: string }[]).map(({ text }) => text),
  }));
}
