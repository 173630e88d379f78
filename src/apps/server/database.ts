import { fileURLToPath } from 'node:url';
import type { Failure } from '#lib/failure.ts';
import { startEmbeddedPostgres } from '#lib/postgres/embedded.ts';
import { findMigrations, migrate } from '#lib/postgres/migrate.ts';
import { createPool, requireServerVersion } from '#lib/postgres/pool.ts';
import type { Config } from './config.ts';

export interface Database {
  connectionString: string;
  /** False when DATABASE_URL names a database that others look after. */
  isEmbedded: boolean;
  stop(): Promise<void>;
}

const sourceFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The database of the configuration, running and migrated. */
export async function openDatabase(
  { DATABASE_URL, MERIDIAN_DATA }: Pick<Config, 'DATABASE_URL' | 'MERIDIAN_DATA'>,
  onExit: (failure: Failure) => void,
): Promise<Database> {
  const database: Database = DATABASE_URL
    ? { connectionString: DATABASE_URL, isEmbedded: false, stop: async () => {} }
    : {
        ...(await startEmbeddedPostgres({ dataFolder: MERIDIAN_DATA, durability: 'durable', onExit })),
        isEmbedded: true,
      };
  try {
    await checkVersion(database.connectionString);
    await migrate(database.connectionString, findMigrations(sourceFolder));
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function checkVersion(connectionString: string): Promise<void> {
  const pool = createPool(connectionString, { max: 1, applicationName: 'meridian start' });
  try {
    await requireServerVersion(pool);
  } finally {
    await pool.end();
  }
}
