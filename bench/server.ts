import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { readRunningServer } from '#lib/postgres/running-server.ts';
import { operatorToken } from './authorization.ts';
import { parentOf } from './process-usage.ts';
import { backendProcess } from './queries.ts';

/** The product under measurement: its own process and PostgreSQL on a new data folder. */
export interface BenchServer {
  dataFolder: string;
  /** `http://127.0.0.1:41234` */
  address: string;
  connectionString: string;
  processId: number;
  postmaster: number;
  /** For the benchmark's own questions. */
  pool: Pool;
  /** What every child process gets. */
  environment: NodeJS.ProcessEnv;
  hasEnded(): boolean;
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;

/** Flags that make a Node process leave a CPU profile behind. */
export const profileFlags = (folder: string | undefined): string[] =>
  folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];

export async function startServer(profileFolder: string | undefined): Promise<BenchServer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const environment = {
    ...process.env,
    MERIDIAN_DATA: dataFolder,
    PORT: '0',
    DATABASE_URL: '',
    MERIDIAN_OPERATOR_TOKEN: operatorToken,
  };
  const child = spawn(process.execPath, [...profileFlags(profileFolder), 'src/apps/server/main.ts', '--empty'], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const endWithBench = () => child.kill('SIGTERM');
  process.once('exit', endWithBench);
  const sayEnd = (code: number | null, signal: string | null) =>
    console.error(`The server has ended: ${signal ?? `exit code ${code}`}`);
  child.once('exit', sayEnd);
  const stopProcess = async () => {
    process.off('exit', endWithBench);
    child.off('exit', sayEnd);
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(dataFolder, { recursive: true, force: true });
  };
  try {
    const running = await waitUntilReady(child, dataFolder);
    const pool = createPool(running.connectionString, {
      max: 2,
      applicationName: 'meridian bench',
      statementTimeoutMs: 600_000,
    });
    const stop = async () => {
      await pool.end();
      await stopProcess();
    };
    const postmaster = parentOf(await backendProcess(pool));
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    return { dataFolder, ...running, processId: child.pid ?? 0, postmaster, pool, environment, hasEnded, stop };
  } catch (error) {
    await stopProcess();
    throw error;
  }
}

async function waitUntilReady(
  child: ChildProcess,
  dataFolder: string,
): Promise<{ address: string; connectionString: string }> {
  const end = Date.now() + startTimeoutMs;
  while (Date.now() < end && child.exitCode === null) {
    const { address, connectionString = '' } = readRunningServer(dataFolder) ?? {};
    if (address !== undefined) {
      const { ok } = await fetch(`${address}/healthz`);
      if (ok) return { address, connectionString };
    }
    await sleep(50);
  }
  throw new Error(`The server did not start within ${startTimeoutMs / 1000} s (exit code ${child.exitCode})`);
}
