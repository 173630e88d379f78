import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded.ts';
import { findEmbeddedProgram } from '../embedded-program.ts';
import { canFollow, followLog, listBackups, pruneBackups, reserveLog, restoreBackup, takeBackup } from './index.ts';
import { printLogPosition } from './log-position.ts';

const parent = mkdtempSync(join(tmpdir(), 'meridian-backup-'));
const folder = join(parent, 'backup');
const password = 'kept-with-the-backup';
let database: EmbeddedPostgres;
let client: pg.Client;
const kept = { 'keys/vault.key': 'a key', 'keys/trusted/former.pem': 'another', 'audit/anchor.json': '{}' };
const majorVersion = findEmbeddedProgram().majorVersion;

beforeAll(async () => {
  database = await startEmbeddedPostgres({ dataFolder: join(parent, 'running'), durability: 'durable' });
  client = new pg.Client({ connectionString: database.connectionString });
  client.on('error', () => {});
  await client.connect();
  for (const [name, content] of Object.entries(kept)) {
    mkdirSync(dirname(join(parent, 'running', name)), { recursive: true });
    writeFileSync(join(parent, 'running', name), content);
  }
  await client.query('create table entry (n int primary key, at timestamptz default clock_timestamp())');
  await client.query(`alter role meridian password '${password}'`);
});

afterAll(async () => {
  await client.end().catch(() => {});
  await database.stop();
  rmSync(parent, { recursive: true, force: true });
});

const insert = (from: number, to: number) =>
  client.query('insert into entry select n from generate_series($1::int, $2::int) n', [from, to]);
const url = () => database.connectionString.replace(/:[^:@]*@/, `:${password}@`);

async function countRestored(dataFolder: string): Promise<number> {
  const restored = await startEmbeddedPostgres({ dataFolder, durability: 'durable' });
  const reader = new pg.Client({ connectionString: restored.connectionString });
  try {
    await reader.connect();
    const { rows } = await reader.query('select count(*)::int as count from entry');
    await reader.query('insert into entry values (-1)');
    return rows[0]?.count;
  } finally {
    await reader.end();
    await restored.stop();
  }
}

test('a backup of a running database is brought back to its end, to a moment, and not beyond what it knows', async () => {
  await reserveLog(url());
  const writing = new AbortController();
  let rounds = 0;
  const writer = (async () => {
    while (!writing.signal.aborted) {
      rounds += 1;
      await insert(rounds * 1000, rounds * 1000 + 99);
    }
  })();
  const seen: number[] = [];
  const backup = await takeBackup({
    connectionString: url(),
    folder,
    majorVersion,
    password,
    beside: { dataFolder: join(parent, 'running'), names: ['keys', 'audit/anchor.json', 'not/there'] },
    onProgress: ({ bytes }) => seen.push(bytes),
  });
  writing.abort();
  await writer;
  expect(Math.max(...seen)).toBeGreaterThan(1_000_000);
  expect(await canFollow(url(), folder, backup)).toBe(true);

  const following = new AbortController();
  let flushed = 0n;
  const follower = followLog({
    connectionString: url(),
    folder,
    backup,
    signal: following.signal,
    onFlushed: (position) => {
      flushed = position;
    },
  });
  await insert(-3000, -2001);
  // More than one segment, so that complete and unfinished files take part.
  await client.query(
    'create table filler as select n, repeat(md5(n::text), 30) as text from generate_series(1, 40000) n',
  );
  const { rows: before } = await client.query('select count(*)::int as count, clock_timestamp() as now from entry');
  await sleep(50);
  await client.query('delete from entry');
  await client.query('checkpoint');
  const { rows: end } = await client.query('select pg_current_wal_flush_lsn()::text as position');
  const target = end[0]?.position as string;
  const [high = '', low = ''] = target.split('/');
  const wanted = (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
  while (flushed < wanted) await sleep(100);
  expect(printLogPosition(wanted)).toBe(target);
  process.kill(database.processId, 'SIGKILL');
  await follower.catch(() => {});
  following.abort();

  const at = before[0]?.now as Date;
  const now = join(parent, 'now');
  await restoreBackup({ folder, dataFolder: now });
  expect(await countRestored(now)).toBe(0);
  for (const [name, content] of Object.entries(kept)) {
    expect(readFileSync(join(now, name), 'utf8')).toBe(content);
    expect(statSync(join(now, name)).mode & 0o777).toBe(0o600);
  }

  const then = join(parent, 'then');
  const stored = await restoreBackup({ folder, dataFolder: then, at });
  expect(stored.name).toBe(backup.name);
  expect(await countRestored(then)).toBe(before[0]?.count);
  expect(before[0]?.count).toBe(rounds * 100 + 1000);

  await expect(restoreBackup({ folder, dataFolder: then })).rejects.toThrow('holds a database already');
  const late = { folder, dataFolder: join(parent, 'late'), at: new Date(Date.now() + 3_600_000) };
  await expect(restoreBackup(late)).rejects.toThrow('does not reach');
  await expect(restoreBackup({ ...late, at: new Date(0) })).rejects.toThrow('The oldest backup');
  expect(readdirSync(join(parent, 'late'))).not.toContain('postgres');
}, 120_000);

test('a backup that was changed is refused', async () => {
  const [backup] = listBackups(folder);
  if (!backup) throw new Error('The test above leaves a backup');
  const manifest = join(backup.folder, 'backup_manifest');
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.replace('"Size": ', '"Size": 1'));
  const damaged = restoreBackup({ folder, dataFolder: join(parent, 'damaged') });
  await expect(damaged).rejects.toThrow('The backup is damaged: its manifest was changed');
  writeFileSync(manifest, text);
  expect(pruneBackups(folder, 1)).toBe(0);
  expect(listBackups(folder)).toHaveLength(1);
  await expect(restoreBackup({ folder: parent, dataFolder: join(parent, 'none') })).rejects.toThrow(
    'no complete backup',
  );
});

test('keys that were changed, or stand where others belong, are told before anything is restored', async () => {
  const [backup] = listBackups(folder);
  if (!backup) throw new Error('The test above leaves a backup');
  const dataFolder = join(parent, 'other-key');
  mkdirSync(join(dataFolder, 'keys'), { recursive: true });
  writeFileSync(join(dataFolder, 'keys/vault.key'), 'a key of somebody else');
  await expect(restoreBackup({ folder, dataFolder })).rejects.toThrow(
    'vault.key is another one than that of the backup. Move it away, and repeat.',
  );
  expect(readFileSync(join(dataFolder, 'keys/vault.key'), 'utf8')).toBe('a key of somebody else');

  writeFileSync(join(backup.folder, 'beside/keys/vault.key'), 'changed');
  const changed = join(parent, 'changed-key');
  await expect(restoreBackup({ folder, dataFolder: changed })).rejects.toThrow('The backup is damaged');
  for (const one of [dataFolder, changed]) expect(readdirSync(one)).not.toContain('postgres');
  writeFileSync(join(backup.folder, 'beside/keys/vault.key'), kept['keys/vault.key']);
});
