import pg from 'pg';
import { readCatalogue } from './queries.ts';

const heading = '-- The migrated database, printed by "npm run generate" for review. Never edit it: write a migration.';

/** Prints all that the migrations made of a database, as SQL that reads the same on every PostgreSQL. */
export async function printSchema(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return `${[heading, ...(await readCatalogue(client))].join('\n\n')}\n`;
  } finally {
    await client.end();
  }
}
