import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import pg from 'pg';
import { Failure } from '#lib/failure.ts';
import { type AppliedMigration, applyMigration, lockMigrations, readAppliedMigrations } from './queries.ts';

/** A forward-only step, from a file `YYYYMMDD-purpose.sql` in some folder named `migrations`. */
export interface Migration extends AppliedMigration {
  sql: string;
}

const namePattern = /^\d{8}-[a-z0-9-]+\.sql$/;

/** All migrations under a source folder, by date and then name, whichever module they belong to. */
export function findMigrations(sourceFolder: string): Migration[] {
  const migrations = globSync('**/migrations/*.sql', { cwd: sourceFolder }).map((path) => {
    const sql = readFileSync(`${sourceFolder}/${path}`, 'utf8');
    return { name: basename(path), checksum: createHash('sha256').update(sql).digest('hex'), sql };
  });
  migrations.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const [index, { name }] of migrations.entries()) {
    if (!namePattern.test(name)) throw new Failure('invalid', `Name the migration ${name} YYYYMMDD-purpose.sql.`);
    if (name === migrations[index + 1]?.name) throw new Failure('conflict', `Two migrations are named ${name}.`);
  }
  return migrations;
}

/**
 * Brings a database up to these migrations, one process at a time, each step in a transaction of its own; returns the
 * names that were applied. Fails with `conflict` when the database has other steps than the code.
 */
export async function migrate(connectionString: string, migrations: Migration[]): Promise<string[]> {
  const client = new pg.Client({
    connectionString,
    application_name: 'meridian migrate',
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await lockMigrations(client);
    const applied = await readAppliedMigrations(client);
    refuseOtherHistory(applied, migrations);
    const appliedNames = new Set(applied.map(({ name }) => name));
    const pending = migrations.filter(({ name }) => !appliedNames.has(name));
    for (const migration of pending) {
      await applyMigration(client, migration, migration.sql).catch((error: Error) => {
        throw new Failure('exception', `The migration ${migration.name} failed: ${error.message}`);
      });
    }
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

function refuseOtherHistory(applied: AppliedMigration[], migrations: Migration[]): void {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  const newest = migrations.at(-1)?.name ?? '';
  for (const { name, checksum } of applied) {
    const migration = byName.get(name);
    if (migration === undefined) {
      throw new Failure(
        'conflict',
        name > newest
          ? `The database is newer than this release: it has the migration ${name}. Start the newer release.`
          : `The database has the migration ${name}, which this release lacks. Restore the file.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new Failure(
        'conflict',
        `The migration ${name} was changed after it had been applied. Restore the file, and write a new migration.`,
      );
    }
  }
}
