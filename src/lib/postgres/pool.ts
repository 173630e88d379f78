import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Failure } from '#lib/failure.ts';
import { readServerVersion } from './queries.ts';

export type Pool = pg.Pool;
/** A connection inside a transaction; queries take it first. */
export type Transaction = pg.PoolClient;

export interface PoolOptions {
  max: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  statementTimeoutMs?: number;
  connectionTimeoutMs?: number;
}

/**
 * Our statements are few, prepared, and written so that one plan serves all values: planning a search anew takes longer than
 * running it (2.4 ms against 0.8 ms at the median of a mixed suite), and compiling one just in time longer still.
 */
const settings = '-c plan_cache_mode=force_generic_plan -c jit=off';

/** A pool of connections whose statements and waits end in time. A lost idle connection is replaced, not an error. */
export function createPool(connectionString: string, options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString,
    max: options.max,
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs ?? 60_000,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: 120_000,
    keepAlive: true,
    options: settings,
  });
  pool.on('error', () => {});
  return pool;
}

const leastVersion = 15;

/** Fails with `not-supported` or `transient` unless a PostgreSQL answers that is new enough; returns its major version. */
export async function requireServerVersion(pool: Pool): Promise<number> {
  const version = await readServerVersion(pool).catch((error: Error) => {
    throw new Failure('transient', `The database does not answer: ${error.message}. Check DATABASE_URL.`);
  });
  if (version >= leastVersion) return version;
  throw new Failure(
    'not-supported',
    `The database is PostgreSQL ${version}; Meridian needs ${leastVersion} or newer. Upgrade it, or set another DATABASE_URL.`,
  );
}

export interface TransactionOptions {
  /** Also try again when another transaction inserted the same key first, so that the next attempt finds it. */
  retryUniqueViolation?: boolean;
}

const attempts = 5;
const deadlock = '40P01';
const serializationFailure = '40001';
const uniqueViolation = '23505';

/**
 * Runs a function in a READ COMMITTED transaction and commits, or rolls back what it threw. After a deadlock or a
 * serialization failure it runs again, at most five times in all: it must have no effect outside the transaction.
 */
export async function inTransaction<Result>(
  pool: Pool,
  run: (transaction: Transaction) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(pool, run);
    } catch (error) {
      if (attempt === attempts || !isRetryable(error, options)) throw error;
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
}

async function runOnce<Result>(pool: Pool, run: (transaction: Transaction) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Without a listener, a connection lost between two statements would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin isolation level read committed');
    const result = await run(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken ??= rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

function isRetryable(error: unknown, { retryUniqueViolation = false }: TransactionOptions): boolean {
  const code = (error as { code?: unknown }).code;
  return code === deadlock || code === serializationFailure || (retryUniqueViolation && code === uniqueViolation);
}
