import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '#lib/failure.ts';
import { startEmbeddedPostgres } from '../embedded.ts';
import { fillCluster, prepareDataFolder } from '../embedded-folder.ts';
import { chooseIdentity } from '../embedded-identity.ts';
import { type EmbeddedProgram, findEmbeddedProgram } from '../embedded-program.ts';
import { lockFolder } from '../folder-lock.ts';
import { createPool } from '../pool.ts';
import { isInRecovery } from '../queries.ts';
import { listBackups, type StoredBackup } from './backup-folder.ts';
import { bringBackCompanions, checkCompanions } from './companions.ts';
import { unpackBackup } from './unpack-backup.ts';

export interface RestoreOptions {
  folder: string;
  /** Must not hold a database yet. */
  dataFolder: string;
  /** The moment to return to; undefined for the latest that the backup knows. */
  at?: Date | undefined;
  program?: EmbeddedProgram;
}

/** Puts a backup into a new data folder and recovers it, so that the next start finds the database as it was. */
export async function restoreBackup({
  folder,
  dataFolder: target,
  at,
  program,
}: RestoreOptions): Promise<StoredBackup> {
  const backup = chooseBackup(folder, at);
  if (backup.password === undefined) {
    throw new Failure(
      'not-supported',
      'This is the backup of a database server of your own: unpack its base.tar.gz there, with the files of log/ for restore_command.',
    );
  }
  const chosen = chooseIdentity(program ?? findEmbeddedProgram());
  if (chosen.program.majorVersion !== backup.majorVersion) {
    throw new Failure(
      'not-supported',
      `The backup was taken from PostgreSQL ${backup.majorVersion}, and this release brings ${chosen.program.majorVersion}. Restore it with the release that took it.`,
    );
  }
  const dataFolder = resolve(target);
  prepareDataFolder(dataFolder);
  const lock = await lockFolder(dataFolder);
  try {
    if (existsSync(join(dataFolder, 'postgres'))) {
      throw new Failure('conflict', `${dataFolder} holds a database already. Restore into another folder.`);
    }
    checkCompanions(backup.companions ?? [], backup.folder, dataFolder);
    await fillCluster(dataFolder, backup.password, chosen.identity, (cluster) => unpackBackup(folder, backup, cluster));
  } finally {
    lock.release();
  }
  try {
    await recover(dataFolder, at, chosen.program);
  } catch (error) {
    const link = join(dataFolder, 'postgres');
    rmSync(realpathSync(link), { recursive: true, force: true });
    rmSync(link, { force: true });
    throw error;
  }
  bringBackCompanions(backup.companions ?? [], backup.folder, dataFolder);
  return backup;
}

/** The newest base backup that was complete at the moment. */
function chooseBackup(folder: string, at: Date | undefined): StoredBackup {
  const backups = listBackups(folder);
  if (backups.length === 0) throw new Failure('not-found', `There is no complete backup in ${folder}.`);
  const chosen = backups.findLast(({ finishedAt }) => at === undefined || Date.parse(finishedAt) <= at.getTime());
  if (chosen) return chosen;
  throw new Failure(
    'not-found',
    `The oldest backup in ${folder} is of ${backups[0]?.finishedAt}; name a later moment.`,
  );
}

/** PostgreSQL reads the log to the moment asked for, and opens the database then. */
async function recover(dataFolder: string, at: Date | undefined, program: EmbeddedProgram): Promise<void> {
  const settings = {
    // All that is known lies in pg_wal already: nothing is to be fetched.
    restore_command: 'exit 1',
    recovery_target_action: 'promote',
    ...(at && { recovery_target_time: at.toISOString().replace('T', ' ').replace('Z', '+00') }),
  };
  let failure: Failure | undefined;
  const onExit = (exit: Failure) => {
    failure = exit;
  };
  const database = await startEmbeddedPostgres({ dataFolder, durability: 'durable', settings, program, onExit }).catch(
    async (error) => {
      // A connection breaks off a moment before the process is known to have ended, and why.
      for (let waited = 0; !(error instanceof Failure) && !failure && waited < 3000; waited += 100) await sleep(100);
      throw outOfReach(failure ?? error, at);
    },
  );
  try {
    await promoted(database.connectionString, () => failure && outOfReach(failure, at));
  } finally {
    await database.stop();
  }
}

async function promoted(connectionString: string, failed: () => unknown): Promise<void> {
  const pool = createPool(connectionString, { max: 1, applicationName: 'meridian restore' });
  try {
    while (await isInRecovery(pool).catch(() => true)) {
      const failure = failed();
      if (failure) throw failure;
      await sleep(100);
    }
  } finally {
    await pool.end();
  }
}

function outOfReach(error: unknown, at: Date | undefined): unknown {
  const isShort = error instanceof Error && /recovery ended before configured recovery target/.test(error.message);
  if (!isShort) return error;
  return new Failure(
    'not-found',
    `The backup does not reach ${at?.toISOString()}. Name an earlier moment, or none for its end.`,
  );
}
