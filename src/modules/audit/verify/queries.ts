import type { ClientBase } from 'pg';
import { Int4Column, Int8Column } from '#lib/postgres/binary-column.ts';
import { run } from '#lib/postgres/run.ts';
import type { Block, Root } from '../seal/block.ts';

/** For as long as this connection's transaction lasts, it sees one state of the database. */
export async function holdStill(connection: ClientBase): Promise<void> {
  await connection.query('set transaction isolation level repeatable read, read only');
}

export async function selectKeys(connection: ClientBase): Promise<Map<string, string>> {
  return new Map(await run<[string, string]>(connection, 'audit-keys', 'select id, public from audit.key', []));
}

/** The months that have blocks with events since then, and how many events those hold. */
export async function selectMonths(
  connection: ClientBase,
  since: number,
): Promise<{ month: number; events: number }[]> {
  const text = 'select month, sum(count) from audit.block where high_at >= $1 group by month order by month';
  const rows = await run<[number, string]>(connection, 'audit-months', text, [since]);
  return rows.map(([month, events]) => ({ month, events: Number(events) }));
}

/** The first block of a month that holds events since then; the last number when none does. */
export async function selectFirstBlock(connection: ClientBase, month: number, since: number): Promise<number> {
  const text = 'select min(number) from audit.block where month = $1 and high_at >= $2';
  return Number((await run<[string]>(connection, 'audit-first-block', text, [month, since]))[0]?.[0]);
}

/** Blocks of a month after a number, in order. */
export async function selectBlocks(
  connection: ClientBase,
  month: number,
  after: number,
  limit: number,
): Promise<Block[]> {
  const rows = await run(
    connection,
    'audit-blocks',
    `select number, numbers::text, count, missing, low_at, high_at, encode(digest, 'hex'), encode(previous, 'hex'),
       encode(hash, 'hex'), key, signature, sealed_at
     from audit.block where month = $1 and number > $2 order by number limit $3`,
    [month, after, limit],
  );
  return rows.map((row) => ({
    month,
    number: Number(row[0]),
    numbers: row[1] as string,
    count: row[2] as number,
    missing: row[3] as number,
    lowAt: Number(row[4]),
    highAt: Number(row[5]),
    digest: row[6] as string,
    previous: row[7] as string,
    hash: row[8] as string,
    key: row[9] as string,
    signature: row[10] as Buffer,
    sealedAt: Number(row[11]),
  }));
}

/** Columns as PostgreSQL prints them. */
export interface StoredEvent {
  /** Of the range in which it was asked for. */
  readonly ordinal: number;
  readonly number: string;
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly interaction: string;
  readonly entities: string;
  readonly patients: string;
  readonly detail: string;
  readonly agent: string;
  readonly mac: string;
  readonly who: string;
}

export interface NumberRange {
  readonly low: number;
  readonly high: number;
  readonly ordinal: number;
}

const eventColumns =
  'e.number, e.at, e.action, e.outcome, e.interaction, e.entities, e.patients, e.detail, e.agent, e.mac, e.who';

const toStoredEvent = (row: unknown[]): StoredEvent => {
  const [ordinal, number, at, action, outcome, interaction, entities, patients, detail, agent, mac, who] = row as [
    number,
    ...string[],
  ];
  return {
    ordinal,
    number,
    at,
    action,
    outcome,
    interaction,
    entities,
    patients,
    detail,
    agent,
    mac,
    who,
  } as StoredEvent;
};

/**
 * All events with a number in [low, high) and a date in a span, by range and number. The order and the limit, which is
 * twice what should be there, keep the planner on the index of numbers: it would read the whole month for each range.
 */
export async function selectEvents(
  connection: ClientBase,
  span: { low: number; high: number },
  ranges: readonly NumberRange[],
): Promise<StoredEvent[]> {
  const [lows, highs, ordinals] = [new Int8Column(), new Int8Column(), new Int4Column()];
  for (const { low, high, ordinal } of ranges) {
    lows.push(low);
    highs.push(high);
    ordinals.push(ordinal);
  }
  const text = `select r.ordinal, ${eventColumns} from unnest($3::int8[], $4::int8[], $5::int4[]) as r (low, high, ordinal)
    cross join lateral (
      select * from audit.event e
      where e.number >= r.low and e.number < r.high and e.at >= $1::int8 and e.at < $2::int8
      order by e.number, e.at limit 2 * (r.high - r.low) + 10
    ) e
    order by r.ordinal, e.number, e.at`;
  const values = [span.low, span.high, lows.toBuffer(), highs.toBuffer(), ordinals.toBuffer()];
  return (await run(connection, 'audit-verify-events', text, values)).map(toStoredEvent);
}

/** Events with a number in one of the gaps and a date in a span, that do not wait to be sealed either. */
export async function selectStrays(
  connection: ClientBase,
  span: { low: number; high: number },
  gaps: readonly (readonly [number, number])[],
  limit: number,
): Promise<{ number: number; at: number }[]> {
  const [lows, highs] = [new Int8Column(), new Int8Column()];
  for (const [low, high] of gaps) {
    lows.push(low);
    highs.push(high);
  }
  const text = `select e.number, e.at from unnest($3::int8[], $4::int8[]) as g (low, high)
    cross join lateral (
      select e.number, e.at from audit.event e
      where e.number >= g.low and e.number < g.high and e.at >= $1::int8 and e.at < $2::int8
        and not exists (select from audit.unsealed u where u.low <= e.number and u.high >= e.number)
      order by e.number, e.at limit $5
    ) e
    order by e.number limit $5`;
  const values = [span.low, span.high, lows.toBuffer(), highs.toBuffer(), limit];
  const rows = await run<[string, string]>(connection, 'audit-verify-strays', text, values);
  return rows.map(([number, at]) => ({ number: Number(number), at: Number(at) }));
}

export async function selectUnsealedEvents(connection: ClientBase, limit: number): Promise<StoredEvent[]> {
  const text = `select 0, ${eventColumns} from (select low, high from audit.unsealed order by low limit $1) u
    cross join lateral (
      select * from audit.event e where e.number >= u.low and e.number <= u.high order by e.number, e.at limit $1
    ) e
    order by e.number limit $1`;
  return (await run(connection, 'audit-verify-unsealed', text, [limit])).map(toStoredEvent);
}

export async function selectAgents(connection: ClientBase, ids: readonly string[]): Promise<[string, string][]> {
  const text = 'select id, content from audit.agent where id = any ($1::int8[])';
  return run<[string, string]>(connection, 'audit-agents', text, [ids]);
}

export async function selectRoots(connection: ClientBase, after: number, limit: number): Promise<Root[]> {
  const rows = await run(
    connection,
    'audit-roots',
    `select number, day::text, heads, encode(previous, 'hex'), encode(hash, 'hex'), key, signature
     from audit.root where number > $1 order by number limit $2`,
    [after, limit],
  );
  return rows.map(([number, day, heads, previous, hash, key, signature]) => ({
    number: Number(number),
    day: day as string,
    heads: heads as string,
    previous: previous as string,
    hash: hash as string,
    key: key as string,
    signature: signature as Buffer,
  }));
}

export async function selectBlockHashes(
  connection: ClientBase,
  heads: readonly { month: number; number: number }[],
): Promise<(string | null)[]> {
  const text = `select encode(b.hash, 'hex') from unnest($1::int4[], $2::int8[]) with ordinality as h (month, number, ordinal)
    left join audit.block b on b.month = h.month and b.number = h.number order by h.ordinal`;
  const values = [heads.map(({ month }) => month), heads.map(({ number }) => number)];
  return (await run<[string | null]>(connection, 'audit-block-hashes', text, values)).map(([hash]) => hash);
}

export interface VerificationRow {
  started: Date;
  ended: Date;
  /** Microseconds since 1970 UTC. */
  since: number | null;
  events: number;
  blocks: number;
  findings: number;
  examples: unknown;
}

export async function insertVerification(connection: ClientBase, row: VerificationRow): Promise<void> {
  const text = `insert into audit.verification (started, ended, since, events, blocks, findings, examples)
    values ($1, $2, $3, $4, $5, $6, $7::jsonb)`;
  const { started, ended, since, events, blocks, findings, examples } = row;
  const values = [started, ended, since, events, blocks, findings, JSON.stringify(examples)];
  await run(connection, 'audit-insert-verification', text, values);
}
