import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { processesInFolder, signal, waitUntil } from '#lib/process.ts';
import { deathSignal, type Identity } from './embedded-identity.ts';
import type { EmbeddedProgram } from './embedded-program.ts';

/** A postmaster that was started; `log` holds the last lines that it wrote. */
export interface Postmaster {
  child: ChildProcess;
  log: string[];
}

const keptLines = 40;

/** Starts the postmaster and waits until it takes connections, through a recovery if need be; false when it ended instead. */
export async function startPostmaster(
  program: EmbeddedProgram,
  identity: Identity,
  cluster: string,
  settings: Record<string, string>,
  onLog?: (line: string) => void,
): Promise<Postmaster & { isReady: boolean }> {
  const [file = program.postgres, ...args] = [
    ...identity.prefix,
    ...deathSignal(identity, 'INT'),
    program.postgres,
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child = spawn(file, args, {
    cwd: '/',
    uid: identity.uid,
    gid: identity.gid,
    detached: true, // Ctrl-C in a terminal reaches us alone; PostgreSQL is stopped after its clients.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = collectLines(child, onLog);
  let hasEnded = false;
  child.once('error', () => (hasEnded = true));
  child.once('close', () => (hasEnded = true));
  await waitUntil(() => hasEnded || isReady(cluster, child.pid), Number.POSITIVE_INFINITY);
  return { child, log, isReady: !hasEnded };
}

/** The eighth line of postmaster.pid tells the state. https://www.postgresql.org/docs/18/storage-file-layout.html */
function isReady(cluster: string, pid: number | undefined): boolean {
  const lines = readPidFile(cluster);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

function readPidFile(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function collectLines(child: ChildProcess, onLog?: (line: string) => void): string[] {
  const lines: string[] = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      onLog?.(line);
    }
  });
  return lines;
}

/** Fast shutdown; after a minute without effect, an immediate one, from which the next start recovers. */
export async function stopPostmaster(child: ChildProcess): Promise<void> {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  for (const [name, timeoutMs] of stopSteps) {
    if (!hasEnded()) child.kill(name);
    if (await waitUntil(hasEnded, timeoutMs)) return;
  }
}

const stopSteps: [NodeJS.Signals, number][] = [
  ['SIGINT', 60_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 10_000],
];

/** Ends what an earlier run left on the data: a postmaster without its parent, or backends without their postmaster. */
export async function stopLeftovers(cluster: string): Promise<void> {
  const leftovers = () => processesInFolder(cluster, 'postgres');
  const postmaster = Number(readPidFile(cluster)[0]);
  for (const [name, timeoutMs] of stopSteps) {
    const running = leftovers();
    if (running.length === 0) break;
    for (const pid of running.includes(postmaster) && name !== 'SIGKILL' ? [postmaster] : running) signal(pid, name);
    await waitUntil(() => leftovers().length === 0, timeoutMs);
  }
  // With nobody left, the file may only mislead: another program may have been given the id in it meanwhile.
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

/** A TCP port that was free on the loopback a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(address)));
    });
  });
}
