import type pg from 'pg';

type Connection = pg.Client | pg.Pool | pg.PoolClient;

/** Creates the database unless it exists already. */
export async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
}

/** The major version of the server. */
export async function readServerVersion(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ version: number }>(
    "select current_setting('server_version_num')::int / 10000 as version",
  );
  return rows[0]?.version ?? 0;
}

export interface AppliedMigration {
  name: string;
  checksum: string;
}

/** Any number, the same in every process: whoever migrates holds this lock. */
const migrationLock = 7_404_270_601;

/**
 * Waits until no other process migrates; the lock ends with the session. A migration of a large record takes as long as it
 * takes: this is the one session without a limit of time.
 */
export async function lockMigrations(client: pg.Client): Promise<void> {
  await client.query('set statement_timeout = 0');
  await client.query('select pg_advisory_lock($1)', [migrationLock]);
}

/** The migrations that the database has, in the order of their names. */
export async function readAppliedMigrations(client: pg.Client): Promise<AppliedMigration[]> {
  await client.query(`
    create schema if not exists meridian;
    create table if not exists meridian.migration (
      name text collate "C" primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<AppliedMigration>('select name, checksum from meridian.migration order by name');
  return rows;
}

/** Runs a migration and records it, both or neither. */
export async function applyMigration(
  client: pg.Client,
  { name, checksum }: AppliedMigration,
  sql: string,
): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into meridian.migration (name, checksum) values ($1, $2)', [name, checksum]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Whether the server is still reading its log: after a crash, or towards a moment that was asked for. */
export async function isInRecovery(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query<{ recovering: boolean }>('select pg_is_in_recovery() as recovering');
  return rows[0]?.recovering ?? true;
}
