import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '#lib/postgres/embedded.ts';
import { findProgramIn } from '#lib/postgres/embedded-program.ts';
import { findMigrations, migrate } from '#lib/postgres/migrate.ts';
import { runOn, withDatabase } from './database.ts';

const prefix = 'meridian-test-';
const abandonedAfterMs = 24 * 60 * 60 * 1000;

/**
 * Vitest's global set-up: one PostgreSQL for the run, with a migrated template to clone. `MERIDIAN_TEST_POSTGRES` names
 * the folder of another installation to start, such as Debian's; `MERIDIAN_TEST_DATABASE_URL` a server that runs
 * already, whose user must be allowed to create databases.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { connectionString, stop } = await openServer(project);
  const template = `meridian_template_${process.pid}`;
  await runOn(connectionString, `drop database if exists ${template} with (force)`);
  await runOn(connectionString, `create database ${template}`);
  await migrate(withDatabase(connectionString, template), findMigrations(join(import.meta.dirname, '..')));
  project.provide('testDatabaseServer', connectionString);
  project.provide('testDatabaseTemplate', template);
  return async () => {
    await runOn(connectionString, `drop database if exists ${template} with (force)`);
    await stop();
  };
}

async function openServer(project: TestProject): Promise<{ connectionString: string; stop(): Promise<void> }> {
  const { MERIDIAN_TEST_DATABASE_URL: external, MERIDIAN_TEST_POSTGRES: folder } = project.config.env;
  if (external) return { connectionString: external, stop: async () => {} };
  removeAbandonedFolders();
  const dataFolder = mkdtempSync(join(tmpdir(), prefix));
  const program = folder ? findProgramIn(folder) : undefined;
  const database = await startEmbeddedPostgres({ dataFolder, durability: 'fast', program });
  return {
    connectionString: database.connectionString,
    stop: async () => {
      await database.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A run that was killed leaves its folder; a day later nobody can be using it. */
function removeAbandonedFolders(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    const { mtimeMs, uid } = statSync(folder);
    const isOurs = uid === process.getuid?.();
    if (isOurs && Date.now() - mtimeMs > abandonedAfterMs) rmSync(folder, { recursive: true, force: true });
  }
}
