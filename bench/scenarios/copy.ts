import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findMigrations, migrate } from '#lib/postgres/migrate.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { type Measured, measure } from '../measure.ts';
import {
  type CopyFile,
  checkpoint,
  copyIn,
  copyOut,
  countResources,
  createDatabase,
  dropDatabase,
  importedTables,
  tableSizes,
} from '../queries.ts';
import type { Bench } from '../scenario.ts';

export interface CopyResult {
  oneSession: Measured;
  twoSessions: Measured;
}

const database = 'meridian_copy';

/**
 * The limit of every write: the product's own rows go into another database with the same tables and live indexes, by
 * COPY from binary files that PostgreSQL reads itself.
 */
export async function runCopy({ server, log }: Bench): Promise<CopyResult> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-copy-'));
  chmodSync(folder, 0o777); // PostgreSQL may run as another user
  try {
    const [first, second] = await copyOut(server.pool, folder);
    const resources = await countResources(server.pool);
    const load = async (sessions: CopyFile[][]) => {
      log(`copy: ${sessions.length} session${sessions.length === 1 ? '' : 's'}`);
      return loadInto(server, resources, sessions);
    };
    return { oneSession: await load([[...first, ...second]]), twoSessions: await load([first, second]) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function loadInto(server: Bench['server'], resources: number, sessions: CopyFile[][]): Promise<Measured> {
  const url = new URL(server.connectionString);
  url.pathname = database;
  await createDatabase(server.pool, database);
  const pool = createPool(url.href, { max: 2, applicationName: 'meridian bench', statementTimeoutMs: 600_000 });
  try {
    await migrate(url.href, findMigrations(resolve('src')));
    await checkpoint(server.pool);
    const measured = await measure({ unit: 'resource', server: 0, postmaster: server.postmaster }, async () => {
      await Promise.all(sessions.map((files) => copyIn(pool, files)));
      return resources;
    });
    await requireSameRows(server.pool, pool);
    return measured;
  } finally {
    await pool.end();
    await dropDatabase(server.pool, database);
  }
}

async function requireSameRows(from: Pool, to: Pool): Promise<void> {
  const copied = new Map((await tableSizes(to)).map(({ table, rows }) => [table, rows]));
  for (const { table, rows } of await tableSizes(from)) {
    if (!importedTables.includes(table) || copied.get(table) === rows) continue;
    throw new Error(`COPY loaded ${copied.get(table)} of ${rows} rows of ${table}`);
  }
}
