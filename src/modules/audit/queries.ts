import type { ClientBase } from 'pg';
import { Int4Column, Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { EventRow } from './event.ts';
import { monthOf, rangeOfMonth } from './event.ts';

export type Connection = Pool | ClientBase;

export interface SignedRow extends EventRow {
  readonly mac: bigint;
}

const insertEventsText = `
  with event as (
    insert into audit.event (number, at, who, agent, mac, action, outcome, interaction, entities, patients, detail)
    select number, at, who, agent, mac, substr(deed, 1, 1), substr(deed, 2, 1), substr(deed, 3), entities, patients, detail
    from unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::text[], $7::text[], $8::text[], $9::text[])
      as e (number, at, who, agent, mac, deed, entities, patients, detail)
  )
  insert into audit.unsealed (low, high, month) select * from unnest($10::int8[], $11::int8[], $12::int4[])`;

/** Events with the note that they are to be sealed, in one statement. */
export async function insertEvents(connection: Connection, rows: readonly SignedRow[]): Promise<void> {
  const numbers = new Int8Column();
  const ats = new Int8Column();
  const whos = new Int8Column();
  const agents = new Int8Column();
  const macs = new Int8Column();
  const deeds = new TextColumn();
  const entities = new TextColumn();
  const patients = new TextColumn();
  const details = new TextColumn();
  for (const row of rows) {
    numbers.push(row.number);
    ats.push(row.at);
    whos.pushBigInt(row.agent.who);
    agents.pushBigInt(row.agent.id);
    macs.pushBigInt(row.mac);
    deeds.push(row.action + row.outcome + row.interaction);
    entities.push(row.entities);
    patients.push(row.patients);
    details.push(row.detail);
  }
  const columns = [numbers, ats, whos, agents, macs, deeds, entities, patients, details, ...rangesOf(rows)];
  const values = columns.map((column) => column.toBuffer());
  await run(connection, 'audit-insert', insertEventsText, values);
}

/** Runs of numbers that follow each other in one month. */
function rangesOf(rows: readonly SignedRow[]): [Int8Column, Int8Column, Int4Column] {
  const columns: [Int8Column, Int8Column, Int4Column] = [new Int8Column(), new Int8Column(), new Int4Column()];
  const close = (low: number, high: number, month: number) => {
    columns[0].push(low);
    columns[1].push(high);
    columns[2].push(month);
  };
  let open: { low: number; high: number; month: number } | undefined;
  let range = { low: 0, high: 0 };
  for (const { number, at } of rows) {
    const isSameMonth = at >= range.low && at < range.high;
    if (open && isSameMonth && number === open.high + 1) {
      open.high = number;
      continue;
    }
    if (open) close(open.low, open.high, open.month);
    const month = monthOf(at);
    range = rangeOfMonth(month);
    open = { low: number, high: number, month };
  }
  if (open) close(open.low, open.high, open.month);
  return columns;
}

/** Numbers for so many blocks of events; the first of each. */
export async function drawNumbers(connection: Connection, blocks: number): Promise<number[]> {
  const text = `select nextval('audit.event_number') from generate_series(1, $1::int4)`;
  return (await run<[string]>(connection, 'audit-numbers', text, [blocks])).map(([number]) => Number(number));
}

export async function insertAgents(
  connection: Connection,
  agents: readonly { id: bigint; content: string }[],
): Promise<void> {
  const ids = new Int8Column();
  const contents = new TextColumn();
  for (const { id, content } of agents) {
    ids.pushBigInt(id);
    contents.push(content);
  }
  const text =
    'insert into audit.agent (id, content) select * from unnest($1::int8[], $2::text[]) on conflict do nothing';
  await run(connection, 'audit-insert-agents', text, [ids.toBuffer(), contents.toBuffer()]);
}

/** False when it has to be tried again later. */
export async function prepareMonth(connection: Connection, month: number): Promise<boolean> {
  const { low, high } = rangeOfMonth(month);
  const text = 'select audit.prepare_month($1, $2, $3)';
  const rows = await run<[boolean]>(connection, 'audit-prepare-month', text, [month, low, high]);
  return rows[0]?.[0] === true;
}
