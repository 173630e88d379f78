import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '#lib/postgres/embedded.ts';
import { findMigrations, migrate } from '#lib/postgres/migrate.ts';
import { runOn, withDatabase } from './database.ts';

/**
 * Vitest's global set-up: one PostgreSQL for the run, with a migrated template to clone. `MERIDIAN_TEST_DATABASE_URL`
 * names a server to use instead of the embedded one; its user must be allowed to create databases.
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
  const external = project.config.env.MERIDIAN_TEST_DATABASE_URL;
  if (external) return { connectionString: external, stop: async () => {} };
  const dataFolder = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  const database = await startEmbeddedPostgres({ dataFolder, durability: 'fast' });
  return {
    connectionString: database.connectionString,
    stop: async () => {
      await database.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
