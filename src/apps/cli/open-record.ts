import { readRunningServer } from '#lib/postgres/running-server.ts';
import type { Config } from '../server/config.ts';
import { type Database, openDatabase } from '../server/database.ts';

/**
 * The database that a command works on: that of DATABASE_URL, that of the server which is running on the data folder, or
 * the folder's own, started for as long as the command takes.
 */
export async function openRecord(config: Config): Promise<Database> {
  const running = config.DATABASE_URL === '' ? readRunningServer(config.MERIDIAN_DATA) : undefined;
  const url = running?.connectionString ?? config.DATABASE_URL;
  return openDatabase({ ...config, DATABASE_URL: url }, (failure) => {
    console.error(failure.message);
    process.exit(1);
  });
}
