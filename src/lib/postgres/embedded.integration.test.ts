import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';
import { findEmbeddedProgram } from './embedded-program.ts';
import { readRunningServer, removeRunningServer, writeRunningServer } from './running-server.ts';

const isRoot = process.getuid?.() === 0;
const parent = mkdtempSync(join(tmpdir(), 'meridian-embedded-'));

afterAll(() => rmSync(parent, { recursive: true, force: true }));

describe('a running embedded PostgreSQL', () => {
  const dataFolder = join(parent, 'running');
  let database: EmbeddedPostgres;

  beforeAll(async () => {
    database = await startEmbeddedPostgres({ dataFolder, durability: 'durable', settings: { work_mem: '7MB' } });
  });

  afterAll(() => database.stop());

  it('is set to survive a power cut', async () => {
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums'];
    for (const name of names) expect([name, await ask(`show ${name}`)]).toEqual([name, 'on']);
  });

  it('takes the settings that it was given', async () => {
    expect(await ask('show work_mem')).toBe('7MB');
  });

  it('keeps text as UTF-8, ordered by code point', async () => {
    expect(await ask('show server_encoding')).toBe('UTF8');
    expect(await ask(`select string_agg(t, '' order by t) from unnest(array['é', 'a', '李', 'B']) t`)).toBe('Baé李');
    expect(await ask(`select lower('ÉCOLE')`)).toBe('école');
  });

  it('listens on the loopback alone, and not without the password', async () => {
    expect(await ask('show listen_addresses')).toBe('127.0.0.1');
    const tcp = database.connectionString.replace(/@[^/]*/, `@127.0.0.1:${database.port}`);
    expect(await ask('select 1', tcp)).toBe(1);
    for (const url of [database.connectionString, tcp]) {
      const guess = url.replace(/:[^:@]*@/, ':guessed@');
      await expect(ask('select 1', guess)).rejects.toThrow('password authentication failed');
    }
  });

  it('shows its data and its password to the owner only', () => {
    expect(statSync(join(dataFolder, 'postgres')).mode & 0o077).toBe(0);
    expect(statSync(join(dataFolder, 'password')).mode & 0o077).toBe(0);
  });

  it('takes connections on TCP alone where the folder is too deep for a socket', async () => {
    const deep = await startEmbeddedPostgres({ dataFolder: join(parent, 'deep'.repeat(25)), durability: 'fast' });
    expect(deep.connectionString).toContain(`@127.0.0.1:${deep.port}/`);
    expect(await ask('select 1', deep.connectionString)).toBe(1);
    await deep.stop();
  });

  it('starts in a folder with blanks, quotes and Chinese characters in its name', async () => {
    const odd = await startEmbeddedPostgres({ dataFolder: join(parent, "省 'a:b' @#%"), durability: 'fast' });
    expect(odd.connectionString).not.toContain('127.0.0.1');
    expect(await ask('select 1', odd.connectionString)).toBe(1);
    await odd.stop();
  });

  it('refuses a second start on the same data', async () => {
    const second = startEmbeddedPostgres({ dataFolder, durability: 'durable' });
    await expect(second).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`in use by process ${process.pid}`),
    });
    expect(await ask("select 'still here'")).toBe('still here');
  });

  it('tells commands beside it where it is, for as long as it runs', () => {
    expect(readRunningServer(dataFolder)).toBeUndefined();
    writeRunningServer(dataFolder, { connectionString: database.connectionString, address: 'http://127.0.0.1:8080' });
    expect(readRunningServer(dataFolder)).toMatchObject({
      process: { pid: process.pid },
      connectionString: database.connectionString,
      address: 'http://127.0.0.1:8080',
    });
    removeRunningServer(dataFolder);
    expect(readRunningServer(dataFolder)).toBeUndefined();
  });

  async function ask(statement: string, connectionString = database.connectionString): Promise<unknown> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      const { rows } = await client.query({ text: statement, rowMode: 'array' });
      return rows[0]?.[0];
    } finally {
      await client.end();
    }
  }
});

describe('an embedded PostgreSQL that cannot start says why', () => {
  it('when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const start = startEmbeddedPostgres({ dataFolder: join(parent, 'busy'), durability: 'fast', port });
    await expect(start).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(`Port ${port}`) });
    other.close();
  });

  it('when another major version wrote the data', async () => {
    const dataFolder = join(parent, 'other-version');
    mkdirSync(join(dataFolder, 'postgres'), { recursive: true });
    writeFileSync(join(dataFolder, 'postgres', 'PG_VERSION'), '17\n');
    const start = startEmbeddedPostgres({ dataFolder, durability: 'fast' });
    const { majorVersion } = findEmbeddedProgram();
    await expect(start).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringMatching(new RegExp(`PostgreSQL 17.*brings PostgreSQL ${majorVersion}`)),
    });
  });

  it('when a file stands where the data folder should', async () => {
    const dataFolder = join(parent, 'file');
    writeFileSync(dataFolder, '');
    const start = startEmbeddedPostgres({ dataFolder, durability: 'fast' });
    await expect(start).rejects.toMatchObject({ code: 'no-store', message: expect.stringContaining('MERIDIAN_DATA') });
  });

  it.skipIf(isRoot)('when the folder may not be written', async () => {
    const folder = join(parent, 'locked');
    mkdirSync(folder, { mode: 0o555 });
    const start = startEmbeddedPostgres({ dataFolder: join(folder, 'data'), durability: 'fast' });
    await expect(start).rejects.toMatchObject({ code: 'no-store', message: expect.stringContaining('EACCES') });
    chmodSync(folder, 0o755);
  });

  it.skipIf(!isRoot)('when the file system is read-only (root only: mounts one)', async () => {
    await onSmallDisk('1m', async (folder) => {
      execFileSync('mount', ['-o', 'remount,ro', folder]);
      const start = startEmbeddedPostgres({ dataFolder: folder, durability: 'fast' });
      await expect(start).rejects.toMatchObject({ code: 'no-store', message: expect.stringContaining('EROFS') });
    });
  });

  it.skipIf(!isRoot)('when the disk has no room for a first start (root only: mounts one)', async () => {
    await onSmallDisk('24m', async (folder) => {
      const start = startEmbeddedPostgres({ dataFolder: folder, durability: 'fast' });
      await expect(start).rejects.toMatchObject({
        code: 'no-store',
        message: expect.stringMatching(/full \(2\d MB free/),
      });
      expect(existsSync(join(folder, 'meridian.lock'))).toBe(false);
    });
  });

  it.skipIf(!isRoot)('when the disk has become full, and starts again once there is room (root only)', async () => {
    await onSmallDisk('400m', async (folder) => {
      await startEmbeddedPostgres({ dataFolder: folder, durability: 'durable' }).then(({ stop }) => stop());
      const filler = join(folder, 'filler');
      execFileSync('sh', ['-c', 'cat /dev/zero > "$0" 2>/dev/null || true', filler]);
      const start = startEmbeddedPostgres({ dataFolder: folder, durability: 'durable' });
      await expect(start).rejects.toMatchObject({ code: 'no-store', message: expect.stringContaining('full') });
      rmSync(filler);
      await startEmbeddedPostgres({ dataFolder: folder, durability: 'durable' }).then(({ stop }) => stop());
    });
  });
});

async function onSmallDisk(size: string, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(parent, 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  try {
    await use(folder);
  } finally {
    execFileSync('umount', [folder]);
  }
}
