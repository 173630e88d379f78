import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process of its own that started an embedded PostgreSQL, for tests that kill one of the two. */
export interface EmbeddedProcess {
  child: ChildProcess;
  postmaster: number;
  connectionString: string;
}

export interface EmbeddedProcessOptions {
  /** Put before the command line, as in `setpriv --reuid=65534`. */
  prefix?: string[];
  environment?: Record<string, string>;
  /** A folder with the programs to start, instead of those that npm brought. */
  programFolder?: string;
  /** A fixed port, for what must be found again after a restart. */
  port?: number;
}

const program = new URL('./start-embedded.ts', import.meta.url).pathname;

/** Starts it on a data folder; rejects with what it printed when it ends before PostgreSQL is up. */
export function startEmbeddedProcess(
  dataFolder: string,
  { prefix = [], environment = {}, programFolder = '', port }: EmbeddedProcessOptions = {},
): Promise<EmbeddedProcess> {
  const [command = '', ...args] = [...prefix, process.execPath, program, dataFolder, programFolder];
  if (port !== undefined) args.push(String(port));
  // Node is started anew with the bare environment, so that vitest's own variables do not reach it.
  const child = spawn(command, args, { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment } });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`exit code ${code}: ${errors}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      resolve({ child, ...(JSON.parse(line) as { postmaster: number; connectionString: string }) });
    });
  });
}

/** The exit code of a process, once it has ended. */
export function exitCodeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}
