import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TrailEntry } from '#fhir/access/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { openKey } from '../keys.ts';
import { seal } from '../seal/sealer.ts';
import { createTrail } from '../trail.ts';
import { runVerification, type VerificationReport } from './run-verification.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let folder: string;
let now = Date.parse('2026-11-24T08:00:00Z');

const files = () => ({ keyFile: join(folder, 'keys', 'audit.pem'), anchorFile: join(folder, 'audit', 'anchor.json') });
const verify = (more = {}) => runVerification({ pool, ...files(), ...more });

const look = (id: number): TrailEntry => ({
  actor: { reference: `Practitioner/${id % 3}`, display: `Dr ${id % 3}`, role: 'hospital-physician', purpose: 'TREAT' },
  at: now,
  action: 'R',
  interaction: 'read',
  outcome: '0',
  entities: [{ type: 'Observation', id: `o${id}`, version: 1 }],
  patients: [`p${id % 7}`],
});

const blocks = 12;
const eventsInBlock = 5;

/** A trail over two months and a dozen blocks. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-audit-'));
  database = await createTestDatabase();
  pool = createPool(database.connectionString, { max: 4, applicationName: 'test' });
  const key = openKey(files().keyFile);
  const trail = createTrail({ pool, key, log: () => {} });
  for (let block = 0; block < blocks; block++) {
    for (let index = 0; index < eventsInBlock; index++) trail.note(look(block * eventsInBlock + index));
    await trail.flush();
    await seal({ pool, key, anchorFile: files().anchorFile, now: () => now, log: () => {} });
    now += 86_400_000;
  }
  await trail.stop();
});

afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Does something to the tables as somebody could who owns the database, verifies, and takes it back. */
async function attack(statements: string, more = {}): Promise<VerificationReport> {
  const whole = ['event_other', 'block', 'root', 'agent', 'unsealed', 'key'];
  const parts = (
    await pool.query<{
      name: string;
    }>(`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'audit.event'::regclass and c.relname <> 'event_other'`)
  ).rows.map(({ name }) => name);
  const tables = [...whole, ...parts];
  const all = async (action: (table: string) => string) => {
    const client = await pool.connect();
    try {
      await client.query(
        `begin; set local session_replication_role = replica; ${tables.map(action).join('; ')}; commit`,
      );
    } finally {
      client.release();
    }
  };
  await all((table) => `create table kept_${table} as table audit.${table}`);
  const client = await pool.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; ${statements}; commit`);
    return await verify(more);
  } finally {
    client.release();
    await all(
      (table) =>
        `delete from audit.${table}; insert into audit.${table} select * from kept_${table}; drop table kept_${table}`,
    );
  }
}

let numbers: number[];

beforeEach(async () => {
  const { rows } = await pool.query<{ number: string }>('select number from audit.event order by number');
  numbers = rows.map(({ number }) => Number(number));
});

const kinds = ({ examples }: VerificationReport) => [...new Set(examples.map(({ kind }) => kind))].sort();
const named = ({ examples }: VerificationReport) => [
  ...new Set(examples.flatMap(({ number }) => (number === undefined ? [] : [number]))),
];

test('a trail that nobody touched has no findings, with daily roots and in two months', async () => {
  const report = await verify();
  expect(report).toMatchObject({ events: blocks * eventsInBlock, blocks, findings: 0, unsealed: 0, roots: blocks - 1 });
  expect(report.anchors).toHaveLength(1);
  const { rows } = await pool.query('select distinct month from audit.block order by month');
  expect(rows).toEqual([{ month: 202611 }, { month: 202612 }]);
});

test('triggers refuse to change or remove what stands in the trail', async () => {
  for (const statement of [
    'update audit.event set detail = $$x$$',
    'delete from audit.event',
    'truncate audit.event',
    'delete from audit.block',
    'update audit.root set day = now()',
    'update audit.agent set content = $$[]$$',
  ]) {
    await expect(pool.query(statement)).rejects.toThrow('The trail is only ever added to');
  }
});

test.each([
  ['detail', `'nothing'`],
  ['patients', `'p99'`],
  ['entities', `'Observation/other/1'`],
  ['outcome', `'4'`],
  ['at', 'at + 1'],
  ['who', 'who + 1'],
  ['mac', 'mac + 1'],
])('an edited %s is found in the event that has it', async (column, value) => {
  const number = numbers[17];
  const report = await attack(`update audit.event set ${column} = ${value} where number = ${number}`);
  expect(named(report)).toEqual([number]);
  expect(kinds(report)).toEqual(['edited']);
});

test('an event given to another agent, and an agent who was renamed, are found', async () => {
  const other = `(select agent from audit.event where number = ${numbers[1]})`;
  const moved = await attack(`update audit.event set agent = ${other} where number = ${numbers[0]}`);
  expect(named(moved)).toEqual([numbers[0]]);
  const renamed = await attack(`update audit.agent set content = replace(content, 'Dr 1', 'Dr 9')`);
  expect(kinds(renamed)).toEqual(['agent']);
});

test('a removed event is found, also the last of a block, and all of a block with the block', async () => {
  for (const index of [0, 8, 9, 59]) {
    const report = await attack(`delete from audit.event where number = ${numbers[index]}`);
    expect(named(report)).toEqual([numbers[index]]);
    expect(kinds(report)).toEqual(['removed']);
  }
  const whole = await attack(`
    delete from audit.event e using audit.block b where b.month = 202611 and b.number = 3 and b.numbers @> e.number;
    delete from audit.block where month = 202611 and number = 3`);
  expect(kinds(whole)).toContain('block-removed');
});

test('two events that were swapped are found, both', async () => {
  const [one, other] = [numbers[20], numbers[44]];
  const columns = ['at', 'who', 'agent', 'mac', 'entities', 'patients'];
  const report = await attack(`
    create temp table pair on commit drop as select * from audit.event where number in (${one}, ${other});
    delete from audit.event where number in (${one}, ${other});
    insert into audit.event (number, action, outcome, interaction, detail, ${columns})
      select ${one} + ${other} - number, action, outcome, interaction, detail, ${columns} from pair`);
  expect(named(report)).toEqual(expect.arrayContaining([one, other]));
});

test('an inserted event is found: a copy, one with a number of its own, one noted to be sealed, and one sealed since', async () => {
  const copy = (number: string, at = 'at') => `
    insert into audit.event (number, at, who, agent, mac, action, outcome, interaction, entities, patients, detail)
    select ${number}, ${at}, who, agent, mac, action, outcome, interaction, entities, patients, detail
    from audit.event where number = ${numbers[30]}`;
  const twin = await attack(copy('number', 'at + 1'));
  expect(kinds(twin)).toEqual(expect.arrayContaining(['inserted']));
  for (const at of ['at', 'at - 100000000000000', 'at + 100000000000000']) {
    const stray = await attack(copy('99999999', at));
    expect(stray).toMatchObject({ findings: 1, examples: [{ kind: 'inserted', number: 99999999 }] });
  }
  const waiting = await attack(`${copy('99999999')}; insert into audit.unsealed values (99999999, 99999999, 202611)`);
  expect(waiting).toMatchObject({ findings: 1, examples: [{ kind: 'edited', number: 99999999 }], unsealed: 1 });
});

test('what was inserted past the server is found even after the server has sealed it', async () => {
  const key = openKey(files().keyFile);
  const report = await attack('select 1').then(async (clean) => {
    expect(clean.findings).toBe(0);
    await pool.query(`
      insert into audit.event (number, at, who, agent, mac, action, outcome, interaction, entities, patients, detail)
      select 88888888, at, who, agent, mac, action, outcome, interaction, entities, patients, detail
      from audit.event where number = ${numbers[30]}`);
    await pool.query(`insert into audit.unsealed select 88888888, 88888888, 202611`);
    const anchorFile = join(folder, 'elsewhere', 'anchor.json');
    await seal({ pool, key, anchorFile, now: () => now, log: () => {} });
    return verify();
  });
  expect(report).toMatchObject({ findings: 1, examples: [{ kind: 'edited', number: 88888888 }], unsealed: 0 });
  const client = await pool.connect();
  await client.query(`begin; set local session_replication_role = replica; delete from audit.event where number = 88888888;
    delete from audit.block where numbers @> 88888888::int8;
    delete from audit.root where number = (select max(number) from audit.root); commit`);
  client.release();
  expect((await verify()).findings).toBe(0);
});

test('an end that was cut off is found by the anchor, and by a root when a day is over', async () => {
  const cut = `
    delete from audit.event e using audit.block b where b.month = 202612 and b.number >= 5 and b.numbers @> e.number;
    delete from audit.block where month = 202612 and number >= 5;
    delete from audit.root where day >= '2026-12-04'`;
  const report = await attack(cut);
  expect(kinds(report)).toEqual(['truncated']);
  const copy = join(folder, 'copy.json');
  cpSync(files().anchorFile, copy);
  writeFileSync(files().anchorFile, JSON.stringify({ heads: [], at: '2026-12-01T00:00:00Z' }));
  const unanchored = await attack(cut);
  expect(unanchored.findings).toBe(0);
  const elsewhere = await attack(cut, { otherAnchors: [copy] });
  expect(kinds(elsewhere)).toEqual(['truncated']);
  const byRoot = await attack('delete from audit.block where month = 202611');
  expect(kinds(byRoot)).toEqual(expect.arrayContaining(['truncated', 'inserted']));
  cpSync(copy, files().anchorFile);
});

test('blocks that were changed, swapped or signed by another key are found', async () => {
  expect(kinds(await attack('update audit.block set count = 4 where month = 202611 and number = 2'))).toEqual([
    'block',
  ]);
  const swapped = await attack(`
    update audit.block set number = 9 where month = 202611 and number = 2;
    update audit.block set number = 2 where month = 202611 and number = 3;
    update audit.block set number = 3 where month = 202611 and number = 9`);
  expect(kinds(swapped)).toContain('block');
  expect(kinds(await attack(`update audit.block set key = 'other' where month = 202611 and number = 2`))).toContain(
    'key',
  );
  expect(kinds(await attack(`update audit.root set heads = '' where number = 2`))).toContain('root');
  expect(kinds(await attack('delete from audit.root where number = 2'))).toContain('root');
});

test('a later part is verified by itself, and still says what stands where it should not', async () => {
  const since = Date.parse('2026-12-01T00:00:00Z') * 1000;
  expect(await verify({ since })).toMatchObject({ findings: 0, events: 25, blocks: 5 });
  const middle = Date.parse('2026-12-03T00:00:00Z') * 1000;
  expect(await verify({ since: middle })).toMatchObject({ findings: 0, events: 15, blocks: 3 });
  const report = await attack(`delete from audit.event where number = ${numbers[58]}`, { since: middle });
  expect(named(report)).toEqual([numbers[58]]);
});

test('with public keys alone, blocks are held against their events', async () => {
  const own = mkdtempSync(join(tmpdir(), 'meridian-audit-'));
  const key = openKey(files().keyFile);
  writeFileSync(join(own, 'audit.pem'), key.publicKey.export({ type: 'spki', format: 'pem' }));
  const keyFile = join(own, 'audit.pem');
  expect(await verify({ keyFile })).toMatchObject({ findings: 0, isAuthenticated: false });
  const report = await attack(`update audit.event set detail = 'x' where number = ${numbers[3]}`, { keyFile });
  expect(report).toMatchObject({ findings: 1, examples: [{ kind: 'block', block: 1 }] });
  rmSync(own, { recursive: true });
});
