import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { exitCodeOf, startEmbeddedProcess } from '#testing/embedded-process.ts';
import { findEmbeddedProgram, findProgramIn } from './embedded-program.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
const readThis = `require('node:fs').readFileSync(${JSON.stringify(import.meta.filename)})`;
const nobodyReachesCheckout = isRoot && runs(...asNobody, process.execPath, '-e', readThis);
const hasNamespaces = isRoot && runs('unshare', '-U', '--map-user=1', '--map-group=1', 'true');

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!isRoot)('as root', () => {
  it.skipIf(!hasNamespaces)('runs under a folder that only root may enter, with all files owned by root', async () => {
    const dataFolder = temporaryFolder(homedir());
    await startWriteStop(dataFolder);
    expect(statSync(join(dataFolder, 'postgres', 'PG_VERSION')).uid).toBe(0);
  });

  it('runs as an unprivileged account where user namespaces are forbidden', async () => {
    const dataFolder = join(temporaryFolder(tmpdir()), 'data');
    await startWriteStop(dataFolder, { environment: { PATH: pathWithoutNamespaces() } });
    expect(statSync(join(dataFolder, 'postgres', 'PG_VERSION')).uid).not.toBe(0);
    expect(lstatSync(join(dataFolder, 'postgres')).isSymbolicLink()).toBe(false);
  });

  it('puts programs and data where that account may enter, when it may not enter theirs', async () => {
    const shared = '/var/lib/meridian';
    const hadShared = existsSync(shared);
    const dataFolder = temporaryFolder(homedir());
    const programFolder = join(temporaryFolder(homedir()), 'native');
    chmodSync(dirname(programFolder), 0o700);
    cpSync(findEmbeddedProgram().folder, programFolder, { recursive: true, verbatimSymlinks: true });
    const options = { environment: { PATH: pathWithoutNamespaces() }, programFolder };
    await startWriteStop(dataFolder, options);
    const cluster = realpathSync(join(dataFolder, 'postgres'));
    folders.push(hadShared ? cluster : shared);
    expect(dirname(cluster)).toBe(shared);
    expect(readdirSync(shared)).toContain(`postgres-${findProgramIn(programFolder).packageVersion}`);
    await startWriteStop(dataFolder, options);
  });

  it.skipIf(!hasNamespaces)('carries data over from one way of running to the other and back', async () => {
    const dataFolder = join(temporaryFolder(tmpdir()), 'data');
    const environment = { PATH: pathWithoutNamespaces() };
    await startWriteStop(dataFolder);
    await startWriteStop(dataFolder, { environment });
    await startWriteStop(dataFolder);
    expect(statSync(join(dataFolder, 'postgres', 'PG_VERSION')).uid).toBe(0);
  });

  it.skipIf(!hasNamespaces)('says what to do when that account may not enter data that are there already', async () => {
    const dataFolder = temporaryFolder(homedir());
    await startWriteStop(dataFolder);
    const start = startEmbeddedProcess(dataFolder, { environment: { PATH: pathWithoutNamespaces() } });
    await expect(start).rejects.toThrow(/exit code 2: no-store: .* may not enter .*chmod o\+x/);
  });

  it.skipIf(!nobodyReachesCheckout)(
    'runs for an ordinary user as that user (checkout must be open to others)',
    async () => {
      const dataFolder = join(temporaryFolder(tmpdir()), 'data');
      mkdirSync(dataFolder);
      chownSync(dataFolder, nobody, nobody);
      await startWriteStop(dataFolder, { prefix: asNobody });
      expect(statSync(join(dataFolder, 'postgres', 'PG_VERSION')).uid).toBe(nobody);
    },
  );

  it.skipIf(!nobodyReachesCheckout)('tells an ordinary user that a folder is not his to write', async () => {
    const start = startEmbeddedProcess(join(temporaryFolder(tmpdir()), 'data'), { prefix: asNobody });
    await expect(start).rejects.toThrow(/exit code 2: no-store: .* cannot be written \(EACCES\).*MERIDIAN_DATA/);
  });
});

/** Starts twice on the same data, which must find at the second start what was written at the first. */
async function startWriteStop(
  dataFolder: string,
  options: Parameters<typeof startEmbeddedProcess>[1] = {},
): Promise<void> {
  const text = `written ${Date.now()}`;
  for (const statement of [`create table if not exists kept as select '${text}' as text`, 'select text from kept']) {
    const { child, connectionString } = await startEmbeddedProcess(dataFolder, options);
    const client = new pg.Client({ connectionString });
    await client.connect();
    const { rows } = await client.query(statement);
    await client.end();
    if (statement.startsWith('select')) expect(rows).toHaveLength(1);
    child.kill('SIGTERM');
    expect(await exitCodeOf(child)).toBe(0);
  }
}

/** A PATH on which `unshare` is not found, as on a system that forbids user namespaces. */
function pathWithoutNamespaces(): string {
  const folder = temporaryFolder(tmpdir());
  for (const name of ['test', 'true', 'id', 'setpriv']) symlinkSync(`/usr/bin/${name}`, join(folder, name));
  for (const name of ['useradd', 'groupadd']) symlinkSync(`/usr/sbin/${name}`, join(folder, name));
  return folder;
}

function temporaryFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, '.meridian-identity-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

function runs(...[command = '', ...args]: string[]): boolean {
  return spawnSync(command, args).status === 0;
}
