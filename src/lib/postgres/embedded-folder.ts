import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '#lib/failure.ts';
import { deathSignal, giveOwnership, type Identity, makeSharedFolder, succeeds } from './embedded-identity.ts';
import type { EmbeddedProgram } from './embedded-program.ts';
import { type Durability, freeDiskBytes } from './embedded-settings.ts';

const mebibyte = 1024 * 1024;
/** An empty cluster takes 60 MB, and a running one must be able to write its log of changes. */
const leastFreeBytes = { first: 192 * mebibyte, later: 64 * mebibyte };

/** Makes the data folder if it is missing; fails with `no-store` where it cannot be written or the disk is full. */
export function prepareDataFolder(dataFolder: string): void {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    const probe = join(dataFolder, `.probe-${process.pid}`);
    try {
      writeFileSync(probe, Buffer.alloc(4096));
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw fullDisk(dataFolder);
    throw new Failure(
      'no-store',
      `The data folder ${dataFolder} cannot be written (${code}). ` +
        'Give this user the right to write there, or choose another folder with MERIDIAN_DATA.',
    );
  }
}

/** The failure for a disk without room for the database. */
export function fullDisk(dataFolder: string): Failure {
  const free = Math.floor(freeDiskBytes(dataFolder) / mebibyte);
  return new Failure(
    'no-store',
    `The disk of ${dataFolder} is full (${free} MB free). Free some space, or choose another folder with MERIDIAN_DATA.`,
  );
}

/** The cluster's folder, created by initdb at the first start; fails when another major version of PostgreSQL wrote it. */
export async function prepareCluster(
  dataFolder: string,
  durability: Durability,
  program: EmbeddedProgram,
  identity: Identity,
): Promise<{ cluster: string; password: string }> {
  const link = join(dataFolder, 'postgres');
  const isFirst = !existsSync(join(link, 'PG_VERSION'));
  if (freeDiskBytes(dataFolder) < leastFreeBytes[isFirst ? 'first' : 'later']) throw fullDisk(dataFolder);

  if (isFirst) {
    const password = randomBytes(24).toString('base64url');
    await fillCluster(dataFolder, password, identity, (folder, passwordFile) =>
      runInitdb(program, identity, folder, [
        `--pwfile=${passwordFile}`,
        ...(durability === 'fast' ? ['--no-sync'] : []),
      ]),
    );
  } else {
    refuseOtherVersion(link, program);
  }
  const cluster = realpathSync(link);
  if (dirname(cluster) === realpathSync(dataFolder) && !mayEnter(identity, dataFolder)) {
    throw new Failure(
      'no-store',
      `PostgreSQL must run as user ${identity.uid} here, who may not enter ${dataFolder}. ` +
        'Allow others to pass through the folders above it (chmod o+x), or choose another folder with MERIDIAN_DATA.',
    );
  }
  giveOwnership(identity, cluster);
  return { cluster, password: readPassword(dataFolder) };
}

/**
 * A cluster comes into being under a name of this process's own and is renamed when complete: an interrupted first start
 * begins anew, and an initdb that outlived its parent cannot meddle with the next one.
 */
export async function fillCluster(
  dataFolder: string,
  password: string,
  identity: Identity,
  fill: (folder: string, passwordFile: string) => Promise<void>,
): Promise<void> {
  writeFileSync(join(dataFolder, 'password'), password, { mode: 0o600 });
  const link = join(dataFolder, 'postgres');
  const cluster = clusterFolder(dataFolder, link, identity);
  removeUnfinished(cluster);
  const unfinished = `${cluster}.new-${process.pid}`;
  const passwordFile = `${unfinished}.password`;
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    if (identity.kind === 'account') {
      chownSync(passwordFile, identity.uid ?? -1, identity.gid ?? -1);
      chownSync(unfinished, identity.uid ?? -1, identity.gid ?? -1);
    }
    await fill(unfinished, passwordFile);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (error instanceof Error && error.message.includes('No space left on device')) throw fullDisk(dataFolder);
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, cluster);
  if (cluster !== link) symlinkSync(cluster, link);
}

function removeUnfinished(cluster: string): void {
  const prefix = `${basename(cluster)}.new-`;
  for (const name of readdirSync(dirname(cluster)).filter((entry) => entry.startsWith(prefix))) {
    rmSync(join(dirname(cluster), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** An account that may not enter the data folder gets its cluster in the shared folder, with a link from here to there. */
function clusterFolder(dataFolder: string, link: string, identity: Identity): string {
  if (mayEnter(identity, dataFolder)) return link;
  const name = createHash('sha256').update(realpathSync(dataFolder)).digest('hex').slice(0, 16);
  const cluster = join(makeSharedFolder(), `data-${name}`);
  rmSync(link, { force: true });
  // What a deleted data folder of the same name left behind is kept aside, never overwritten.
  if (existsSync(cluster)) renameSync(cluster, `${cluster}.${Date.now()}`);
  return cluster;
}

/** Whether the identity may pass through the data folder, which is opened for passing if that is all it takes. */
function mayEnter(identity: Identity, dataFolder: string): boolean {
  if (identity.kind !== 'account' || succeeds(identity, 'test', '-x', dataFolder)) return true;
  const { mode } = statSync(dataFolder);
  chmodSync(dataFolder, mode | 0o011);
  if (succeeds(identity, 'test', '-x', dataFolder)) return true;
  chmodSync(dataFolder, mode);
  return false;
}

function runInitdb(program: EmbeddedProgram, identity: Identity, folder: string, options: string[]): Promise<void> {
  // C.UTF-8 orders by code point and knows all letters' cases; from version 17 on it does not need the system's locales.
  const locale =
    Number(program.majorVersion) >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : ['--locale=C', '--lc-ctype=C.UTF-8'];
  const [file = program.initdb, ...args] = [
    ...identity.prefix,
    ...deathSignal(identity, 'KILL'),
    program.initdb,
    `--pgdata=${folder}`,
    '--username=meridian',
    '--auth=scram-sha-256',
    '--data-checksums',
    '--encoding=UTF8',
    ...locale,
    ...options,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: '/',
      uid: identity.uid,
      gid: identity.gid,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Failure('exception', `PostgreSQL's initdb failed: ${output.trim()}`)),
    );
  });
}

function refuseOtherVersion(cluster: string, program: EmbeddedProgram): void {
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version === program.majorVersion) return;
  throw new Failure(
    'not-supported',
    `The data in ${cluster} were written by PostgreSQL ${version}; this release of Meridian brings PostgreSQL ` +
      `${program.majorVersion}. Start the release that wrote them and export from there, or choose another folder with MERIDIAN_DATA.`,
  );
}

function readPassword(dataFolder: string): string {
  try {
    return readFileSync(join(dataFolder, 'password'), 'utf8').trim();
  } catch {
    throw new Failure(
      'no-store',
      `The database's password file ${join(dataFolder, 'password')} is missing: restore it.`,
    );
  }
}
