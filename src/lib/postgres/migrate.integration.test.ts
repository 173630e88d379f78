import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '#testing/database.ts';
import { findMigrations, migrate } from './migrate.ts';

describe('migrate', () => {
  let source: string;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;

  beforeEach(async () => {
    source = mkdtempSync(join(tmpdir(), 'meridian-migrations-'));
    database = await createTestDatabase();
    // The clone brings the product's own history; these tests write their own.
    await query('truncate meridian.migration');
    write('modules/bed/migrations/20260102-ward.sql', 'create table ward (name text); create table bed (number int)');
    write('store/migrations/20260101-place.sql', 'create table place (name text)');
  });

  afterEach(async () => {
    await database.drop();
    rmSync(source, { recursive: true });
  });

  it('applies what is pending by date, whatever folder it is in, and nothing twice', async () => {
    expect(await run()).toEqual(['20260101-place.sql', '20260102-ward.sql']);
    expect(await run()).toEqual([]);
    write('modules/bed/migrations/20260103-bed-colour.sql', 'alter table bed add colour text');
    expect(await run()).toEqual(['20260103-bed-colour.sql']);
    expect(await query('select number, colour from bed')).toEqual([]);
  });

  it('lets one of two processes at once do it', async () => {
    const applied = await Promise.all([run(), run(), run()]);
    expect(applied.map(({ length }) => length).sort()).toEqual([0, 0, 2]);
  });

  it('takes a failing step back whole, and keeps those before it', async () => {
    write('store/migrations/20260103-broken.sql', 'create table half (a int); select 1/0');
    await expect(run()).rejects.toMatchObject({
      code: 'exception',
      message: 'The migration 20260103-broken.sql failed: division by zero',
    });
    expect(await query("select to_regclass('half') as half, to_regclass('bed') is not null as bed")).toEqual([
      { half: null, bed: true },
    ]);
  });

  it('refuses a file that was changed after it had been applied', async () => {
    await run();
    write('store/migrations/20260101-place.sql', 'create table place (name text, town text)');
    await expect(run()).rejects.toThrow(/20260101-place.sql was changed after it had been applied/);
  });

  it('refuses a database that is newer than the code', async () => {
    write('store/migrations/20260909-later.sql', 'create table later (a int)');
    await run();
    rmSync(join(source, 'store/migrations/20260909-later.sql'));
    await expect(run()).rejects.toThrow(/newer than this release: it has the migration 20260909-later.sql/);
  });

  it('refuses when an applied file is missing', async () => {
    await run();
    rmSync(join(source, 'store/migrations/20260101-place.sql'));
    await expect(run()).rejects.toThrow(/20260101-place.sql, which this release lacks/);
  });

  it.each(['place.sql', '2026-01-01-place.sql', '20260104-Place.sql'])('refuses the file name %s', async (name) => {
    write(`store/migrations/${name}`, 'select 1');
    expect(() => findMigrations(source)).toThrow(/YYYYMMDD-purpose.sql/);
  });

  it('refuses two files of one name', () => {
    write('modules/bed/migrations/20260101-place.sql', 'select 1');
    expect(() => findMigrations(source)).toThrow('Two migrations are named 20260101-place.sql');
  });

  function write(path: string, sql: string): void {
    mkdirSync(join(source, dirname(path)), { recursive: true });
    writeFileSync(join(source, path), sql);
  }

  function run(): Promise<string[]> {
    return migrate(database.connectionString, findMigrations(source));
  }

  async function query(sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: database.connectionString });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
});
