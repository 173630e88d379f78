import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, processesInFolder, waitUntil } from '#lib/process.ts';
import { type EmbeddedProcess, exitCodeOf, startEmbeddedProcess } from '#testing/embedded-process.ts';

const parent = mkdtempSync(join(tmpdir(), 'meridian-crash-'));
const started: EmbeddedProcess[] = [];

afterAll(async () => {
  for (const { child } of started) {
    child.kill('SIGTERM');
    await exitCodeOf(child);
  }
  rmSync(parent, { recursive: true, force: true });
});

describe('after a crash', () => {
  let dataFolder: string;
  let first: EmbeddedProcess;

  beforeEach(async () => {
    dataFolder = mkdtempSync(join(parent, 'data-'));
    first = await start();
    await run(first, 'create table kept (number int)');
    await run(first, 'insert into kept values (1)');
  });

  it('notices that PostgreSQL was killed, and recovers at the next start', async () => {
    process.kill(first.postmaster, 'SIGKILL');
    expect(await exitCodeOf(first.child)).toBe(3);
    const second = await start();
    expect(await run(second, 'select number from kept')).toEqual([{ number: 1 }]);
    expect(postgresProcesses()).toContain(second.postmaster);
  });

  it('ends PostgreSQL within seconds when the process that started it was killed', async () => {
    first.child.kill('SIGKILL');
    await exitCodeOf(first.child);
    expect(await waitUntil(() => postgresProcesses().length === 0, 10_000)).toBe(true);
    const second = await start();
    expect(await run(second, 'select number from kept')).toEqual([{ number: 1 }]);
  });

  it('starts at once after such a kill, while the old PostgreSQL may still be ending', async () => {
    first.child.kill('SIGKILL');
    const second = await start();
    expect(await run(second, 'select number from kept')).toEqual([{ number: 1 }]);
    expect(postgresProcesses()).not.toContain(first.postmaster);
  });

  it('takes over from a PostgreSQL that nobody looks after any more', async () => {
    first.child.kill('SIGSTOP');
    // To the next start, this looks like a holder of the lock that ended long ago.
    writeFileSync(join(dataFolder, 'meridian.lock'), JSON.stringify({ pid: first.child.pid, startedAt: 'long ago' }));
    const second = await start();
    expect(await run(second, 'select number from kept')).toEqual([{ number: 1 }]);
    expect(postgresProcesses()).not.toContain(first.postmaster);
    first.child.kill('SIGKILL');
  });

  it('lets one of several starts take the data over, and tells the others who has them', async () => {
    first.child.kill('SIGKILL');
    await exitCodeOf(first.child);
    const results = await Promise.allSettled([start(), start(), start()]);
    const won = results.filter((result) => result.status === 'fulfilled');
    const lost = results.filter((result) => result.status === 'rejected');
    expect(won).toHaveLength(1);
    for (const { reason } of lost) expect(String(reason)).toMatch(/exit code 2: conflict: .* in use by process \d+/);
  });

  it('begins anew when the very first start was killed before the database was complete', async () => {
    const folder = mkdtempSync(join(parent, 'unfinished-'));
    const attempt = startEmbeddedProcess(folder).catch(() => undefined);
    const isUnderWay = (name: string) => name.startsWith('postgres.new') && existsSync(join(folder, name, 'base'));
    expect(await waitUntil(() => readdirSync(folder).some(isUnderWay), 10_000, 1)).toBe(true);
    const { pid, startedAt } = JSON.parse(readFileSync(join(folder, 'meridian.lock'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    await attempt;
    expect(isRunning({ pid, startedAt })).toBe(false);
    expect(existsSync(join(folder, 'postgres'))).toBe(false);
    const second = await startEmbeddedProcess(folder);
    started.push(second);
    expect(await run(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(folder).filter((name) => name.startsWith('postgres'))).toEqual(['postgres']);
  });

  it('leaves nothing running after SIGTERM', async () => {
    first.child.kill('SIGTERM');
    expect(await exitCodeOf(first.child)).toBe(0);
    expect(postgresProcesses()).toEqual([]);
    expect(existsSync(join(dataFolder, 'meridian.lock'))).toBe(false);
  });

  async function start(): Promise<EmbeddedProcess> {
    const process = await startEmbeddedProcess(dataFolder);
    started.push(process);
    return process;
  }

  function postgresProcesses(): number[] {
    return processesInFolder(realpathSync(join(dataFolder, 'postgres')), 'postgres');
  }
});

async function run({ connectionString }: EmbeddedProcess, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
