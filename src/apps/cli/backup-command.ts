import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '#lib/failure.ts';
import {
  canFollow,
  followLog,
  listBackups,
  pruneBackups,
  reserveLog,
  type StoredBackup,
  takeBackup,
} from '#lib/postgres/backup/index.ts';
import { createPool, requireServerVersion } from '#lib/postgres/pool.ts';
import { createProgressBar } from '#lib/progress/progress-bar.ts';
import { type Config, readConfig } from '../server/config.ts';
import { openRecord } from './open-record.ts';
import { readArguments } from './read-arguments.ts';

const backupUsage = `meridian backup <folder> [--follow] [--keep <number>]

Copies the whole database, and the keys and the anchor of the trail in the data folder, into a folder, while the server
runs or not. What was copied before stays.

  --follow         go on after that and keep every later change too, until stopped: a restore can then return to any
                   moment since. Goes on where an earlier one stopped, and copies anew only where there is a gap.
  --keep <number>  remove all but the newest of this many copies afterwards, and the changes that none of them needs

Restore with "meridian restore". Keep the folder on another disk, and as secret as the record itself.`;

/** Keys that open what the database keeps sealed, and what the end of the trail is held against. */
const besideTheDatabase = ['keys', 'audit/anchor.json'];

interface Options {
  folder: string;
  follow: boolean;
  keep: number | undefined;
}

/** What is copied. */
interface Source {
  connectionString: string;
  password: string | undefined;
  dataFolder: string;
}

export async function backupCommand(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (!options) {
    console.log(backupUsage);
    return 0;
  }
  const config = readConfig();
  const database = await openRecord(config);
  try {
    const password = config.DATABASE_URL === '' ? passwordOf(database.connectionString) : undefined;
    const source: Source = { connectionString: database.connectionString, password, dataFolder: config.MERIDIAN_DATA };
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    tellWhatIsElsewhere(config);
    if (options.follow) await keepUp(source, options, stop.signal);
    else await copy(source, options);
    return 0;
  } finally {
    await database.stop();
  }
}

function parseOptions(args: string[]): Options | undefined {
  const { values, positionals } = readArguments(args, { follow: { type: 'boolean' }, keep: { type: 'string' } });
  if (values.help) return undefined;
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Failure('required', 'Name one folder for the backup.');
  if (values.keep !== undefined && !/^[1-9]\d{0,4}$/.test(values.keep)) {
    throw new Failure('value', '--keep needs a number from 1.');
  }
  return {
    folder,
    follow: values.follow ?? false,
    keep: values.keep === undefined ? undefined : Number(values.keep),
  };
}

function tellWhatIsElsewhere({ MERIDIAN_VAULT_KEY, MERIDIAN_AUDIT_KEY }: Config): void {
  const names = [MERIDIAN_VAULT_KEY && 'MERIDIAN_VAULT_KEY', MERIDIAN_AUDIT_KEY && 'MERIDIAN_AUDIT_KEY'].filter(
    Boolean,
  );
  if (names.length > 0) console.error(`Not in the backup, keep it elsewhere: what ${names.join(' and ')} say.`);
}

const passwordOf = (connectionString: string): string => /:([^:@/]*)@/.exec(connectionString)?.[1] ?? '';

async function copy({ connectionString, password, dataFolder }: Source, options: Options): Promise<StoredBackup> {
  const pool = createPool(connectionString, { max: 1, applicationName: 'meridian backup' });
  const majorVersion = String(await requireServerVersion(pool).finally(() => pool.end()));
  const bar = createProgressBar('Copying', process.stderr);
  const backup = await takeBackup({
    connectionString,
    folder: options.folder,
    majorVersion,
    password,
    beside: { dataFolder, names: besideTheDatabase },
    onProgress: ({ bytes, total }) => bar.update({ done: megabytes(bytes), total: megabytes(total), unit: 'MB' }),
  }).finally(() => bar.end());
  console.log(`Backed up as of ${backup.finishedAt}: ${backup.folder}`);
  if (options.keep !== undefined) {
    const removed = pruneBackups(options.folder, options.keep);
    if (removed > 0) console.log(`${removed} older removed.`);
  }
  return backup;
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6);

/** Receives changes for as long as it is not stopped; a lost connection is taken up again. */
async function keepUp(source: Source, options: Options, signal: AbortSignal): Promise<void> {
  const { connectionString } = source;
  while (!signal.aborted) {
    try {
      const backup = await continuous(source, options);
      console.log(`Every change since ${backup.finishedAt} is being kept. Stop with Ctrl+C.`);
      await followLog({ connectionString, folder: options.folder, backup, signal, onFlushed: () => {} });
      if (!signal.aborted) throw new Failure('transient', 'The database has ended the connection.');
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure) || error.code !== 'transient') throw error;
      console.error(`${error.message} Trying again in 5 seconds.`);
      await sleep(5000, undefined, { signal }).catch(() => {});
    }
  }
}

/** The newest copy when the changes since can still be received without a gap; a new one otherwise. */
async function continuous(source: Source, options: Options) {
  const { connectionString } = source;
  const last = listBackups(options.folder).at(-1);
  if (last && (await canFollow(connectionString, options.folder, last))) return last;
  await reserveLog(connectionString);
  return copy(source, options);
}
