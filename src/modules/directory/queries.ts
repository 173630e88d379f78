import type { Transaction } from '#lib/postgres/pool.ts';

/** Changes of the directory come one after another: two forms, or two files, cannot bring in the same institution twice. */
export async function lockDirectory(transaction: Transaction): Promise<void> {
  await transaction.query(`select pg_advisory_xact_lock(hashtextextended('meridian.directory', 0))`);
}
