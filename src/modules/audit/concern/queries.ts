import type { Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import { rangeOfMonth } from '../event.ts';
import type { Connection } from '../queries.ts';
import type { Concern, ConcernKind, ConcernState, Reasons } from './concern.ts';

/** One transaction at a time may watch. */
export async function holdWatch(transaction: Transaction): Promise<boolean> {
  const text = `select pg_try_advisory_xact_lock(hashtextextended('audit.watch', 0))`;
  return (await run<[boolean]>(transaction, 'audit-hold-watch', text, []))[0]?.[0] === true;
}

export interface BlockSpan {
  month: number;
  /** The last of them. */
  block: number;
  lows: string[];
  highs: string[];
}

/** The next blocks that were not watched, of the earliest month that has some. */
export async function selectUnwatched(transaction: Transaction, blocks: number): Promise<BlockSpan | undefined> {
  const rows = await run<[number, string, string, string]>(
    transaction,
    'audit-unwatched',
    `with next as (
       select b.month, b.number, b.numbers from audit.block b
       left join audit.watched w on w.month = b.month
       where b.number > coalesce(w.block, 0) and b.month >= $2
       order by b.month, b.number limit $1
     )
     select n.month, n.number, lower(r), upper(r) from next n cross join unnest(n.numbers) r
     where n.month = (select min(month) from next) order by n.number`,
    [blocks, earliestMonth()],
  );
  const last = rows.at(-1);
  if (!last) return undefined;
  return {
    month: last[0],
    block: Number(last[1]),
    lows: rows.map(([, , low]) => low),
    highs: rows.map(([, , , high]) => high),
  };
}

/** Older looks than those of two months are not watched any more. */
function earliestMonth(): number {
  const date = new Date();
  const before = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1));
  return before.getUTCFullYear() * 100 + before.getUTCMonth() + 1;
}

export async function saveWatched(transaction: Transaction, { month, block }: BlockSpan): Promise<void> {
  const text = `insert into audit.watched (month, block) values ($1, $2)
    on conflict (month) do update set block = excluded.block`;
  await run(transaction, 'audit-save-watched', text, [month, block]);
}

export interface Look {
  agent: string;
  patient: string;
  /** `2026-11-25` in UTC. */
  day: string;
  count: number;
  firstAt: number;
  firstEvent: number;
}

/** Who looked at whom in these blocks, by day. */
export async function selectLooks(transaction: Transaction, { month, lows, highs }: BlockSpan): Promise<Look[]> {
  const { low, high } = rangeOfMonth(month);
  const rows = await run<[string, string, string, string, string, string]>(
    transaction,
    'audit-looks',
    `select a.content, p.patient, (to_timestamp(e.at / 1000000.0) at time zone 'UTC')::date::text as day,
       count(*), min(e.at), min(e.number)
     from unnest($3::int8[], $4::int8[]) r (low, high)
     cross join lateral (
       select * from audit.event e where e.number >= r.low and e.number < r.high and e.at >= $1::int8 and e.at < $2::int8
       order by e.number, e.at limit 2 * (r.high - r.low)
     ) e
     join audit.agent a on a.id = e.agent
     cross join lateral unnest(string_to_array(e.patients, ' ')) p (patient)
     where e.outcome = '0' and e.patients <> ''
     group by 1, 2, 3`,
    [low, high, lows, highs],
  );
  return rows.map(([agent, patient, day, count, firstAt, firstEvent]) => ({
    agent,
    patient,
    day,
    count: Number(count),
    firstAt: Number(firstAt),
    firstEvent: Number(firstEvent),
  }));
}

export interface Pair {
  day: string;
  agent: string;
  patient: string;
}

/** Puts pairs down; gives the places of those that are new. */
export async function insertLooks(transaction: Transaction, pairs: readonly Pair[]): Promise<Set<string>> {
  const rows = await run<[string, string, string]>(
    transaction,
    'audit-insert-looks',
    `insert into audit.look (day, agent, patient) select * from unnest($1::date[], $2::text[], $3::text[])
     on conflict do nothing returning day::text, agent, patient`,
    [pairs.map(({ day }) => day), pairs.map(({ agent }) => agent), pairs.map(({ patient }) => patient)],
  );
  return new Set(rows.map((row) => row.join(' ')));
}

/** How many patients these agents looked at on that day, and on their other days of four weeks. */
export async function selectVolumes(
  transaction: Transaction,
  day: string,
  agents: readonly string[],
): Promise<Map<string, { today: number; before: number[] }>> {
  const rows = await run<[string, boolean, string]>(
    transaction,
    'audit-volumes',
    `select agent, day = $1::date, count(*) from audit.look
     where agent = any ($2::text[]) and day between $1::date - 28 and $1::date group by agent, day order by agent, day desc`,
    [day, agents],
  );
  const volumes = new Map<string, { today: number; before: number[] }>();
  for (const [agent, isToday, count] of rows) {
    const volume = volumes.get(agent) ?? { today: 0, before: [] };
    volumes.set(agent, volume);
    if (isToday) volume.today = Number(count);
    else volume.before.push(Number(count));
  }
  return volumes;
}

export async function deleteOldLooks(transaction: Transaction): Promise<void> {
  await run(transaction, 'audit-trim-looks', `delete from audit.look where day < current_date - 35`, []);
}

export interface NewConcern {
  day: string;
  agent: string;
  agentDisplay: string;
  patient: string;
  reasons: Reasons;
  firstEvent: number;
  firstAt: number;
  looks: number;
}

/** Adds to what is there of the same agent, patient and day; what has been judged is open again when a reason or a question is new. */
export async function saveConcern(connection: Connection, concern: NewConcern): Promise<void> {
  const { day, agent, agentDisplay, patient, reasons, firstEvent, firstAt, looks } = concern;
  await run(
    connection,
    'audit-save-concern',
    `insert into audit.concern (day, agent, agent_display, patient, kinds, reasons, first_event, first_at, looks)
     values ($1::date, $2, $3, $4, $5::text[], $6::jsonb, $7, $8, $9)
     on conflict (agent, patient, day) do update set
       kinds = (select array_agg(distinct kind) from unnest(concern.kinds || excluded.kinds) kind),
       reasons = concern.reasons || excluded.reasons,
       looks = concern.looks + excluded.looks,
       state = case
         when excluded.kinds <@ concern.kinds
           and coalesce(excluded.reasons ->> 'question', '') in ('', concern.reasons ->> 'question') then concern.state
         else 'open'
       end,
       version = concern.version + 1`,
    [day, agent, agentDisplay, patient, Object.keys(reasons), JSON.stringify(reasons), firstEvent, firstAt, looks],
  );
}

const concernColumns = `number, day::text, agent, agent_display, patient, kinds, reasons, first_at, looks, state, reviewer_display,
  note, to_char(reviewed at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), version`;

const toConcern = (row: unknown[]): Concern => ({
  number: Number(row[0]),
  day: row[1] as string,
  agent: row[2] as string,
  agentDisplay: row[3] as string,
  patient: row[4] as string,
  kinds: row[5] as ConcernKind[],
  reasons: row[6] as Reasons,
  firstAt: Number(row[7]),
  looks: row[8] as number,
  state: row[9] as ConcernState,
  reviewer: (row[10] as string | null) ?? undefined,
  note: (row[11] as string | null) ?? undefined,
  reviewedAt: (row[12] as string | null) ?? undefined,
  version: row[13] as number,
});

export async function selectConcerns(
  connection: Connection,
  asked: { state: ConcernState; kind: ConcernKind | undefined; before: number; limit: number },
): Promise<Concern[]> {
  const text = `select ${concernColumns} from audit.concern
    where state = $1 and ($2::text is null or $2 = any (kinds)) and number < $3 order by number desc limit $4`;
  return (
    await run(connection, 'audit-concerns', text, [asked.state, asked.kind ?? null, asked.before, asked.limit])
  ).map(toConcern);
}

export async function countConcerns(connection: Connection): Promise<Partial<Record<ConcernState, number>>> {
  const text = 'select state, count(*)::int4 from audit.concern group by state';
  return Object.fromEntries(await run<[ConcernState, number]>(connection, 'audit-count-concerns', text, []));
}

export async function selectConcernsOfPatient(
  connection: Connection,
  patient: string,
  limit: number,
): Promise<Concern[]> {
  const text = `select ${concernColumns} from audit.concern where patient = $1 and 'question' = any (kinds) order by number desc limit $2`;
  return (await run(connection, 'audit-concerns-of-patient', text, [patient, limit])).map(toConcern);
}

/** Undefined when nobody has that number, or somebody has judged it since. */
export async function judgeConcern(
  connection: Connection,
  judgement: {
    number: number;
    version: number;
    state: ConcernState;
    note: string;
    reviewer: string;
    reviewerDisplay: string;
  },
): Promise<Concern | undefined> {
  const { number, version, state, note, reviewer, reviewerDisplay } = judgement;
  const text = `update audit.concern set state = $3, note = $4, reviewer = $5, reviewer_display = $6, reviewed = now(), version = version + 1
    where number = $1 and version = $2 returning ${concernColumns}`;
  const [row] = await run(connection, 'audit-judge', text, [number, version, state, note, reviewer, reviewerDisplay]);
  return row && toConcern(row);
}

export async function selectConcern(connection: Connection, number: number): Promise<Concern | undefined> {
  const [row] = await run(
    connection,
    'audit-concern',
    `select ${concernColumns} from audit.concern where number = $1`,
    [number],
  );
  return row && toConcern(row);
}

export interface AskedEvent {
  number: number;
  at: number;
  patients: string;
  agent: string;
}

/** An event, to ask about it. */
export async function selectEvent(connection: Connection, number: number): Promise<AskedEvent | undefined> {
  const text = `select e.number, e.at, e.patients, a.content from audit.event e join audit.agent a on a.id = e.agent
    where e.number = $1 limit 1`;
  const [row] = await run<[string, string, string, string]>(connection, 'audit-event', text, [number]);
  return row && { number: Number(row[0]), at: Number(row[1]), patients: row[2], agent: row[3] };
}
