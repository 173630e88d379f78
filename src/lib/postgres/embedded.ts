import { join, resolve } from 'node:path';
import pg from 'pg';
import { Failure } from '#lib/failure.ts';
import { fullDisk, prepareCluster, prepareDataFolder } from './embedded-folder.ts';
import { chooseIdentity } from './embedded-identity.ts';
import { findFreePort, type Postmaster, startPostmaster, stopLeftovers, stopPostmaster } from './embedded-process.ts';
import { type EmbeddedProgram, findEmbeddedProgram } from './embedded-program.ts';
import { type Durability, embeddedSettings } from './embedded-settings.ts';
import { lockFolder } from './folder-lock.ts';
import { ensureDatabase } from './queries.ts';

export interface EmbeddedPostgresOptions {
  dataFolder: string;
  durability: Durability;
  /** A fixed port instead of a free one; fails with `conflict` when it is taken. */
  port?: number;
  /** postgresql.conf settings on top of those of the durability. */
  settings?: Record<string, string>;
  /** Another installation than the one that npm brought. */
  program?: EmbeddedProgram;
  onLog?: (line: string) => void;
  /** Called once if PostgreSQL ends by itself while it is in use. */
  onExit?: (failure: Failure) => void;
}

export interface EmbeddedPostgres {
  connectionString: string;
  port: number;
  processId: number;
  /** Ends all sessions, writes a checkpoint and gives the data folder free. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a data folder of its own: creates it at the first start, recovers it after a crash, and
 * listens on the loopback and a Unix socket alone. Failures say what to do: `conflict` (folder or port in use), `no-store` (unwritable,
 * full disk), `not-supported` (other major version, no programs for this platform).
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataFolder = resolve(options.dataFolder);
  const { program, identity } = chooseIdentity(options.program ?? findEmbeddedProgram());
  prepareDataFolder(dataFolder);
  const lock = await lockFolder(dataFolder);
  try {
    const { cluster, password } = await prepareCluster(dataFolder, options.durability, program, identity);
    await stopLeftovers(cluster);
    const socketFolder = hasRoomForSocket(cluster) ? cluster : '';
    const settings = {
      ...embeddedSettings(options.durability, dataFolder),
      unix_socket_directories: socketFolder,
      ...options.settings,
    };
    const { port, ...postmaster } = await startOnPort(options, (port) =>
      startPostmaster(program, identity, cluster, { ...settings, port: String(port) }, options.onLog),
    );
    const host = socketFolder ? encodeURIComponent(socketFolder) : '127.0.0.1';
    const connectionString = `postgresql://meridian:${password}@${host}:${port}/`;
    const running = superviseExit(postmaster, lock, options.onExit);
    await createMeridianDatabase(`${connectionString}postgres`).catch(async (error) => {
      await running.stop();
      throw error;
    });
    return { connectionString: `${connectionString}meridian`, port, ...running };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * A Unix socket saves a fifth of the processor time of a small statement (24 for 32 us with pg); its path may have 107
 * bytes at most, and the folder's name no comma, which would make two of it.
 */
function hasRoomForSocket(cluster: string): boolean {
  if (process.platform === 'win32' || /[,"\\]/.test(cluster)) return false;
  return Buffer.byteLength(join(cluster, '.s.PGSQL.65535.lock')) < 104;
}

const attempts = 5;

/** Another program may take a free port between our choice and PostgreSQL's start: then the next one is tried. */
async function startOnPort(
  { dataFolder, port: fixedPort }: EmbeddedPostgresOptions,
  start: (port: number) => Promise<Postmaster & { isReady: boolean }>,
): Promise<Postmaster & { port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = fixedPort ?? (await findFreePort());
    const { isReady, ...postmaster } = await start(port);
    if (isReady) return { ...postmaster, port };
    const log = postmaster.log.join('\n');
    if (log.includes('No space left on device')) throw fullDisk(dataFolder);
    if (!log.includes('Address already in use')) throw new Failure('exception', `PostgreSQL did not start:\n${log}`);
    if (fixedPort !== undefined || attempt === attempts) {
      throw new Failure('conflict', `Port ${port} is in use by another program. Stop it, or choose another port.`);
    }
  }
}

function superviseExit(
  { child, log }: Postmaster,
  lock: { release(): void },
  onExit?: (failure: Failure) => void,
): { processId: number; stop(): Promise<void> } {
  let stopping: Promise<void> | undefined;
  const stopAtExit = () => child.kill('SIGINT');
  process.once('exit', stopAtExit);
  child.once('close', (code, signalName) => {
    process.off('exit', stopAtExit);
    if (stopping !== undefined) return;
    lock.release();
    const last = log.slice(-5).join('\n');
    onExit?.(
      new Failure('exception', `PostgreSQL ended unexpectedly (${signalName ?? `exit code ${code}`}).\n${last}`),
    );
  });
  const stop = () => {
    stopping ??= stopPostmaster(child).finally(() => lock.release());
    return stopping;
  };
  return { processId: child.pid ?? -1, stop };
}

async function createMeridianDatabase(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000, statement_timeout: 60_000 });
  await client.connect();
  try {
    await ensureDatabase(client, 'meridian');
  } finally {
    await client.end();
  }
}
