import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '#lib/failure.ts';
import { identifyProcess, isRunning, type ProcessIdentity, waitUntil } from '#lib/process.ts';

const settleMs = 100;
/** How long a start waits for a process that is just stopping. */
const patienceMs = 3000;

/**
 * Takes a data folder for this process, recorded in `meridian.lock`; fails with `conflict` while another process has it.
 * A lock whose process has ended, however it ended, is taken over.
 */
export async function lockFolder(dataFolder: string): Promise<{ release(): void }> {
  const file = join(dataFolder, 'meridian.lock');
  const self = identifyProcess(process.pid);
  if (self === undefined) throw new Failure('exception', 'This system does not tell when a process started.');
  const text = `${JSON.stringify(self)}\n`;
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await waitUntil(() => holderOf(file) === undefined, patienceMs);
    await takeOver(file, text, dataFolder);
  }
  return { release: () => (readText(file) === text ? rmSync(file, { force: true }) : undefined) };
}

/** Two processes may find the same dead lock: both rename their own over it, and after a moment the last one has it. */
async function takeOver(file: string, text: string, dataFolder: string): Promise<void> {
  refuseIfHeld(file, dataFolder);
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text, { mode: 0o600 });
  renameSync(own, file);
  await sleep(settleMs);
  if (readText(file) !== text) refuseIfHeld(file, dataFolder);
}

function refuseIfHeld(file: string, dataFolder: string): void {
  const holder = holderOf(file);
  if (holder === undefined) return;
  throw new Failure(
    'conflict',
    `The data in ${dataFolder} are in use by process ${holder.pid}. ` +
      'Stop that process first, or choose another folder with MERIDIAN_DATA.',
  );
}

/** The process that has the lock, if it is alive. */
function holderOf(file: string): ProcessIdentity | undefined {
  const holder = parseHolder(readText(file));
  return holder !== undefined && isRunning(holder) ? holder : undefined;
}

function parseHolder(text: string | undefined): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<ProcessIdentity>;
    if (typeof value.pid !== 'number' || typeof value.startedAt !== 'string') return undefined;
    return { pid: value.pid, startedAt: value.startedAt };
  } catch {
    return undefined; // Half-written by a process that was killed: nobody holds it.
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
