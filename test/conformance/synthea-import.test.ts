import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '#testing/database.ts';
import { hasSharedData, readLines } from './shared-data.ts';

const suite = 'synthea-r4/smart-2019-2021';
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Of 617: the first two hold hospitals and practitioners, the others a patient each. */
const bundles = 24;

interface Entry {
  fullUrl: string;
  resource: { resourceType: string };
}

describe.skipIf(!hasSharedData(suite))('meridian import of Synthea Bundles', () => {
  let folder: string;
  let entries: Entry[];
  let database: Awaited<ReturnType<typeof createTestDatabase>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'synthea-import-'));
    const lines = [0, 1, 2, 3, 4, 5]
      .flatMap((number) => readLines(`${suite}/bundles-${number}.ndjson.gz`))
      .slice(0, bundles);
    entries = lines.flatMap((line) => (JSON.parse(line) as { entry: Entry[] }).entry);
    const middle = Math.floor(lines.length / 2);
    writeFileSync(join(folder, 'first.ndjson.gz'), gzipSync(lines.slice(0, middle).join('\n')));
    writeFileSync(join(folder, 'second.ndjson'), lines.slice(middle).join('\n'));
    database = await createTestDatabase();
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  function start() {
    const child = spawn(process.execPath, ['src/apps/cli/main.ts', 'import', folder], {
      cwd: root,
      env: { DATABASE_URL: database.connectionString },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    return { child, ended: once(child, 'close').then(([code, signal]) => ({ code, signal, output })) };
  }

  async function query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: database.connectionString });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  const countStored = async () =>
    (await query<{ n: number }>('select count(*)::int as n from fhir.resource'))[0]?.n ?? 0;
  const countVersions = async () =>
    (await query<{ n: number }>('select sum(version)::int as n from fhir.resource'))[0]?.n ?? 0;

  test('killed in the middle and started again, everything is in once', { timeout: 600_000 }, async () => {
    const broken = start();
    while ((await countStored()) < entries.length / 5) await new Promise((resolve) => setTimeout(resolve, 5));
    broken.child.kill('SIGKILL');
    expect((await broken.ended).signal).toBe('SIGKILL');
    expect(await countStored()).toBeLessThan(entries.length * 0.9);

    const { code, output } = await start().ended;
    expect(output).toContain('was continued');
    expect(output).toContain(`${entries.length.toLocaleString('en')} resources, 0 rejected.`);
    expect(code).toBe(0);
    await expectCountsOfFiles();
  });

  test('imported again, nothing gets a new version', { timeout: 600_000 }, async () => {
    const versions = await countVersions();
    const { code, output } = await start().ended;
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^All +${entries.length.toLocaleString('en')}$`, 'm'));
    expect(output.split('\n')[0]?.trim()).toBe('unchanged');
    expect(await countVersions()).toBe(versions);
  });

  /** The same hospitals and practitioners stand in many Bundles: they count once, by their fullUrl. */
  async function expectCountsOfFiles(): Promise<void> {
    const namesByType = Map.groupBy(
      new Set(entries.map(({ resource, fullUrl }) => `${resource.resourceType} ${fullUrl}`)),
      (name) => name.slice(0, name.indexOf(' ')),
    );
    const stored = await query<{ type: string; count: number }>(
      `select content::json ->> 'resourceType' as type, count(*)::int as count
       from fhir.resource where method <> 0 group by 1`,
    );
    expect(Object.fromEntries(stored.map(({ type, count }) => [type, count]))).toEqual(
      Object.fromEntries([...namesByType].map(([type, names]) => [type, names.length])),
    );
    expect(await query('select id from fhir.resource where method = 0')).toEqual([]);
    expect(await query("select id from fhir.resource where content like '%urn:uuid:%' and method <> 0")).toEqual([]);
  }
});
