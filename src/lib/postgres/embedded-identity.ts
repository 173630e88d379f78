import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure } from '#lib/failure.ts';
import type { EmbeddedProgram } from './embedded-program.ts';

/**
 * Under which user PostgreSQL runs, since it refuses root and initdb refuses a user without a name:
 * `prefix` is put before its command line, `uid` and `gid` are handed to spawn, `owner` must own its files.
 */
export interface Identity {
  kind: 'direct' | 'namespace' | 'account';
  prefix: string[];
  uid?: number;
  gid?: number;
  owner?: { uid: number; gid: number };
}

/** Folder that an unprivileged account may enter, for programs and data when those in the checkout are out of its reach. */
const sharedFolder = '/var/lib/meridian';

/** Chooses the identity for this process: as it is, in a user namespace, or as an unprivileged account. */
export function chooseIdentity(program: EmbeddedProgram): { identity: Identity; program: EmbeddedProgram } {
  const uid = process.getuid?.();
  if (uid === undefined || (uid !== 0 && hasName(uid))) return { identity: { kind: 'direct', prefix: [] }, program };

  const namespace = namespaceIdentity(uid, process.getgid?.() ?? uid);
  if (runs(namespace, program)) return { identity: namespace, program };
  if (uid === 0) return accountIdentity(program);
  throw new Failure(
    'not-supported',
    `PostgreSQL needs a named user, but user ${uid} is not in /etc/passwd and user namespaces are forbidden here. ` +
      'Add the user, run as root, or set DATABASE_URL to a PostgreSQL 15 or newer.',
  );
}

/** In a user namespace the files stay owned by the caller, so that it works under folders that only root may enter. */
function namespaceIdentity(uid: number, gid: number): Identity {
  const named = passwdEntries().find((entry) => entry.uid !== 0) ?? { uid: 1000, gid: 1000 };
  return {
    kind: 'namespace',
    prefix: ['unshare', '-U', `--map-user=${named.uid}`, `--map-group=${named.gid}`],
    owner: { uid, gid },
  };
}

function accountIdentity(program: EmbeddedProgram): { identity: Identity; program: EmbeddedProgram } {
  const account = findOrCreateAccount();
  const identity: Identity = { kind: 'account', prefix: [], uid: account.uid, gid: account.gid, owner: account };
  if (runs(identity, program)) return { identity, program };

  const copy = copyProgram(program);
  if (runs(identity, copy)) return { identity, program: copy };
  throw new Failure(
    'not-supported',
    `PostgreSQL cannot run as root, and the account with id ${account.uid} cannot run it from ${copy.folder} either. ` +
      'Start Meridian as an ordinary user, or set DATABASE_URL to a PostgreSQL 15 or newer.',
  );
}

function copyProgram(program: EmbeddedProgram): EmbeddedProgram {
  const folder = join(makeSharedFolder(), `postgres-${program.packageVersion}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    cpSync(program.folder, unfinished, { recursive: true, verbatimSymlinks: true });
    openToAll(unfinished);
    renameSync(unfinished, folder);
  }
  return { ...program, folder, postgres: join(folder, 'bin', 'postgres'), initdb: join(folder, 'bin', 'initdb') };
}

/** Makes the folder beside the checkout's reach that every account may enter; returns its path. */
export function makeSharedFolder(): string {
  mkdirSync(sharedFolder, { recursive: true, mode: 0o755 });
  chmodSync(sharedFolder, 0o755);
  return sharedFolder;
}

/** Whether a process of this identity may run a command line to a zero exit. */
export function succeeds(identity: Identity, ...command: string[]): boolean {
  const [file, ...args] = [...identity.prefix, ...command];
  if (file === undefined) return false;
  return spawnSync(file, args, { uid: identity.uid, gid: identity.gid, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** On Linux, the command that has a program sent a signal when this process dies, even of SIGKILL; put before its line. */
export function deathSignal(identity: Identity, name: 'INT' | 'KILL'): string[] {
  const command = ['setpriv', '--pdeathsig', name];
  return process.platform === 'linux' && succeeds(identity, ...command, 'true') ? command : [];
}

/** Hands a folder and all in it to the identity's owner, as when an earlier start ran under another one. */
export function giveOwnership(identity: Identity, path: string): void {
  if (identity.owner === undefined || process.getuid?.() !== 0) return;
  const { uid, gid } = identity.owner;
  const top = lstatSync(path);
  if (top.uid !== uid || top.gid !== gid) chownTree(path, uid, gid);
}

function chownTree(path: string, uid: number, gid: number): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  if (entry.isDirectory()) for (const name of readdirSync(path)) chownTree(join(path, name), uid, gid);
  // The top comes last, so that an interrupted change of owner is taken up again.
  chownSync(path, uid, gid);
}

function openToAll(path: string): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  if (entry.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
  chmodSync(path, entry.isDirectory() || entry.mode & 0o111 ? 0o755 : 0o644);
}

function runs(identity: Identity, program: EmbeddedProgram): boolean {
  return succeeds(identity, program.postgres, '--version');
}

function hasName(uid: number): boolean {
  if (process.platform !== 'linux') return true;
  return (
    passwdEntries().some((entry) => entry.uid === uid) || spawnSync('id', ['-un'], { stdio: 'ignore' }).status === 0
  );
}

function findOrCreateAccount(): { uid: number; gid: number } {
  const known = findAccount('meridian') ?? findAccount('postgres');
  if (known !== undefined) return known;
  // useradd is Debian's and Red Hat's, adduser -S Alpine's.
  const create = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'meridian'],
    ['adduser', '-S', '-D', '-H', 'meridian'],
  ];
  for (const [command, ...args] of create) {
    if (command !== undefined) spawnSync(command, args, { stdio: 'ignore' });
    const created = findAccount('meridian');
    if (created !== undefined) return created;
  }
  return findAccount('nobody') ?? { uid: 65534, gid: 65534 };
}

function findAccount(name: string): { uid: number; gid: number } | undefined {
  return passwdEntries().find((entry) => entry.name === name && entry.uid !== 0);
}

function passwdEntries(): { name: string; uid: number; gid: number }[] {
  if (!existsSync('/etc/passwd')) return [];
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
