import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor, TrailEntry } from '#fhir/access/index.ts';
import { createPool, inTransaction, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { type Audit, createAudit, runVerification } from './index.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let audit: Audit;
let folder: string;

const files = () => ({ keyFile: join(folder, 'keys', 'audit.pem'), anchorFile: join(folder, 'audit', 'anchor.json') });
const verify = () => runVerification({ pool, ...files() });

const chen: Actor = {
  reference: 'Practitioner/chen',
  display: 'Dr Chen',
  role: 'hospital-physician',
  organization: 'Organization/xiaoshan',
  purpose: 'TREAT',
  client: 'portal',
  session: 's1',
  address: '10.0.0.1',
};

const look = (id: string, more: Partial<TrailEntry> = {}): TrailEntry => ({
  actor: chen,
  at: Date.now(),
  action: 'R',
  interaction: 'read',
  outcome: '0',
  entities: [{ type: 'Observation', id, version: 1 }],
  patients: ['p1'],
  ...more,
});

const countEvents = async (): Promise<number> =>
  (await pool.query<{ count: number }>('select count(*)::int as count from audit.event')).rows[0]?.count ?? -1;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-audit-'));
  database = await createTestDatabase();
  pool = createPool(database.connectionString, { max: 6, applicationName: 'test' });
  audit = createAudit({ pool, ...files(), now: Date.now, log: () => {} });
  await audit.start();
});

afterAll(async () => {
  await audit.stop();
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('what was noted is in the database within a second, and sealed within another', async () => {
  audit.trail.note(look('a'));
  await expect.poll(countEvents, { timeout: 1000, interval: 50 }).toBe(1);
  const unsealed = async () => (await pool.query('select from audit.unsealed')).rowCount;
  await expect.poll(unsealed, { timeout: 2000, interval: 50 }).toBe(0);
  expect(await verify()).toMatchObject({ events: 1, findings: 0, unsealed: 0, isAuthenticated: true });
});

test('a change stands or falls with its transaction', async () => {
  const before = await countEvents();
  const takenBack = inTransaction(pool, async (transaction) => {
    await audit.trail.write(transaction, [look('b', { action: 'U', interaction: 'update' })]);
    throw new Error('no');
  });
  await expect(takenBack).rejects.toThrow('no');
  expect(await countEvents()).toBe(before);
  await inTransaction(pool, (transaction) => audit.trail.write(transaction, [look('c'), look('d')]));
  expect(await countEvents()).toBe(before + 2);
});

test('two transactions of the same person, of whom nothing was known, do not wait for each other', async () => {
  const unknown = { ...chen, session: 'new' };
  await inTransaction(pool, async (first) => {
    await audit.trail.write(first, [look('e', { actor: unknown })]);
    await inTransaction(pool, (second) => audit.trail.write(second, [look('f', { actor: { ...unknown } })]));
  });
});

test('flush waits for all that was noted so far, in whatever state the trail is', async () => {
  const before = await countEvents();
  for (let index = 0; index < 5000; index++) audit.trail.note(look(`many-${index}`));
  await audit.trail.flush();
  expect(await countEvents()).toBe(before + 5000);
});

test('text that would forge lines or fields is made harmless, and what is too long is cut', async () => {
  const mallory = { ...chen, reference: 'Practitioner/mallory', display: 'Mallory\n2026 | Dr Chen\u2028\x1f' };
  audit.trail.note(
    look('x', { actor: mallory, detail: `a\x00b\x1f\r\n${'long '.repeat(1000)}`, interaction: 'read\x1f' }),
  );
  await audit.trail.flush();
  const { rows } = await pool.query(
    `select e.detail, e.interaction, a.content from audit.event e join audit.agent a on a.id = e.agent where e.detail <> ''`,
  );
  expect(rows[0].detail).toHaveLength(2000);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(JSON.stringify(rows[0])).not.toMatch(/[\x00-\x1f\u2028]|\\u00|\\n/);
});

test('two processes on one database keep one trail', async () => {
  const other = createAudit({ pool, ...files(), now: Date.now, log: () => {} });
  await other.start();
  const before = await countEvents();
  for (let index = 0; index < 500; index++) (index % 2 === 0 ? audit : other).trail.note(look(`two-${index}`));
  await Promise.all([audit.trail.flush(), other.trail.flush()]);
  await other.stop();
  await expect(async () => other.trail.note(look('late'))).rejects.toMatchObject({ code: 'transient' });
  expect(await countEvents()).toBe(before + 500);
  await expect.poll(async () => (await verify()).unsealed, { timeout: 3000 }).toBe(0);
  expect(await verify()).toMatchObject({ events: before + 500, findings: 0 });
});

test('while the database is away looks are refused rather than forgotten, and those noted before are there afterwards', async () => {
  const broken = createPool(database.connectionString, { max: 2, applicationName: 'broken' });
  const logged: string[] = [];
  const away = createAudit({ pool: broken, ...files(), now: Date.now, log: (event) => logged.push(event) });
  const before = await countEvents();
  away.trail.note(look('first'));
  await away.trail.flush();
  const connect = broken.query.bind(broken);
  broken.query = (async () => Promise.reject(new Error('away'))) as never;
  let noted = 0;
  await expect(async () => {
    for (; noted < 60_000; noted++) away.trail.note(look(`away-${noted}`));
  }).rejects.toMatchObject({ code: 'transient' });
  expect(noted).toBeGreaterThanOrEqual(50_000);
  await expect(away.trail.flush()).rejects.toThrow('away');
  expect(logged).toEqual(['audit.flush-failed']);
  broken.query = connect as never;
  await away.trail.flush();
  expect(await countEvents()).toBe(before + 1 + noted);
  await away.stop();
  await broken.end();
});

test('an insert whose answer was lost is not repeated', async () => {
  const lossy = createPool(database.connectionString, { max: 2, applicationName: 'lossy' });
  const trail = createAudit({ pool: lossy, ...files(), now: Date.now, log: () => {} }).trail;
  const query = lossy.query.bind(lossy) as (...parts: unknown[]) => Promise<unknown>;
  let hasLost = false;
  lossy.query = (async (...parts: unknown[]) => {
    const answer = await query(...parts);
    const isInsert = (parts[0] as { name?: string }).name === 'audit-insert';
    if (isInsert && !hasLost) {
      hasLost = true;
      throw new Error('connection lost');
    }
    return answer;
  }) as never;
  const before = await countEvents();
  trail.note(look('once'));
  await expect(trail.flush()).rejects.toThrow('connection lost');
  await trail.flush();
  expect(await countEvents()).toBe(before + 1);
  await trail.stop();
  await lossy.end();
});
