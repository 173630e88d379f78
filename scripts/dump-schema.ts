import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#lib/postgres/embedded.ts';
import { findMigrations, migrate } from '#lib/postgres/migrate.ts';
import { printSchema } from '#testing/schema-dump/print-schema.ts';

/** Writes db/schema.sql: what the migrations make of an empty database. */
const root = join(import.meta.dirname, '..');
const dataFolder = mkdtempSync(join(tmpdir(), 'meridian-schema-'));
const database = await startEmbeddedPostgres({ dataFolder, durability: 'fast' });
try {
  await migrate(database.connectionString, findMigrations(join(root, 'src')));
  writeFileSync(join(root, 'db', 'schema.sql'), await printSchema(database.connectionString));
} finally {
  await database.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}
