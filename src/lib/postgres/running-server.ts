import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isRunning, type ProcessIdentity } from '#lib/process.ts';

/** A server that is up on a data folder: where its database is, and its HTTP address once it listens. */
export interface RunningServer {
  process: ProcessIdentity;
  connectionString: string;
  address?: string;
}

/** Records this process as the server of a data folder, for commands that work beside it. Only the owner may read it. */
export function writeRunningServer(dataFolder: string, server: Omit<RunningServer, 'process'>): void {
  const file = serverFile(dataFolder);
  const text = JSON.stringify({ process: identifyProcess(process.pid), ...server });
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The server that is running on a data folder now; a record left by a dead one counts for nothing. */
export function readRunningServer(dataFolder: string): RunningServer | undefined {
  try {
    const server = JSON.parse(readFileSync(serverFile(dataFolder), 'utf8')) as RunningServer;
    return isRunning(server.process) ? server : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the record when the server stops. */
export function removeRunningServer(dataFolder: string): void {
  rmSync(serverFile(dataFolder), { force: true });
}

function serverFile(dataFolder: string): string {
  return join(dataFolder, 'server.json');
}
