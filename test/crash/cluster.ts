import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '#lib/postgres/embedded-process.ts';
import { processesInFolder, signal, waitUntil } from '#lib/process.ts';
import { type EmbeddedProcess, exitCodeOf, startEmbeddedProcess } from '#testing/embedded-process.ts';
import { operatorToken } from './answers.ts';

const vaultKey = randomBytes(32).toString('base64');
const longestStartMs = 60_000;
/** PostgreSQL replays what it wrote since the last checkpoint, which takes its time on a busy machine. */
const longestRecoveryMs = 180_000;
const root = new URL('../..', import.meta.url).pathname;

interface ServerProcess {
  child: ChildProcess;
  /** Undefined until it takes requests, and after it was killed. */
  address: string | undefined;
}

/** Several server processes on one PostgreSQL, each a process of its own that can be killed and comes back. */
export class Cluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'meridian-kill-'));
  readonly #servers: ServerProcess[] = [];
  readonly #children = new Set<ChildProcess>();
  #postgres: EmbeddedProcess | undefined;
  #port = 0;
  /** What the processes wrote to standard error. */
  readonly errors: string[] = [];

  static async start(servers: number): Promise<Cluster> {
    const cluster = new Cluster();
    cluster.#port = await findFreePort();
    await cluster.startPostgres();
    // One after the other: the first brings the database up to date.
    for (let index = 0; index < servers; index++) await cluster.startServer(index);
    return cluster;
  }

  get connectionString(): string {
    return this.#postgres?.connectionString ?? '';
  }

  /** Addresses of the FHIR services that take requests now. */
  get addresses(): string[] {
    return this.#servers.flatMap(({ address }) => (address === undefined ? [] : [address]));
  }

  get serverCount(): number {
    return this.#servers.length;
  }

  async startPostgres(): Promise<void> {
    this.#postgres = await startEmbeddedProcess(join(this.folder, 'postgres'), { port: this.#port });
    this.#children.add(this.#postgres.child);
  }

  async killPostgres(): Promise<void> {
    if (!this.#postgres) return;
    process.kill(this.#postgres.postmaster, 'SIGKILL');
    await exitCodeOf(this.#postgres.child);
  }

  /** Kills a single session's process, whereupon PostgreSQL ends all others and recovers. */
  killBackend(chooseIndex: (count: number) => number): void {
    const backends = this.postgresProcesses().filter((pid) => pid !== this.#postgres?.postmaster);
    const chosen = backends[chooseIndex(backends.length)];
    if (chosen !== undefined) process.kill(chosen, 'SIGKILL');
  }

  postgresProcesses(): number[] {
    const cluster = join(this.folder, 'postgres', 'postgres');
    return existsSync(cluster) ? processesInFolder(realpathSync(cluster), 'postgres') : [];
  }

  /** Starts the process at this place, again and again until the database lets it. */
  async startServer(index: number): Promise<void> {
    const end = Date.now() + longestRecoveryMs;
    for (;;) {
      const server = this.#spawn(index);
      this.#servers[index] = server;
      const address = await addressOf(server.child);
      if (address !== undefined) {
        server.address = `${address}/fhir`;
        return;
      }
      if (Date.now() > end) throw new Error(`Server ${index} does not start: ${this.errors.slice(-5).join('\n')}`);
      await sleep(200);
    }
  }

  async killServer(index: number): Promise<void> {
    const server = this.#servers[index];
    if (!server) return;
    server.address = undefined;
    server.child.kill('SIGKILL');
    await exitCodeOf(server.child);
  }

  #spawn(index: number): ServerProcess {
    const child = spawn(process.execPath, ['src/apps/server/main.ts', '--empty'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        // Ends with this process, should that be killed: its channel closes then.
        NODE_OPTIONS: `--import=${root}bin/end-with-launcher.mjs`,
        DATABASE_URL: this.connectionString,
        PORT: '0',
        MERIDIAN_DATA: join(this.folder, `server-${index}`),
        MERIDIAN_BASE_URL: 'http://127.0.0.1/fhir',
        MERIDIAN_POOL: '6',
        MERIDIAN_OPERATOR_TOKEN: operatorToken,
        // Servers of one database share what seals and what signs.
        MERIDIAN_VAULT_KEY: vaultKey,
        MERIDIAN_AUDIT_KEY: join(this.folder, 'audit.pem'),
        LOG_LEVEL: 'error',
      },
    });
    this.#children.add(child);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.errors.push(text));
    return { child, address: undefined };
  }

  /** Ends everything in order; returns the exit codes of the servers. */
  async stop(): Promise<(number | null)[]> {
    const codes: (number | null)[] = [];
    for (const { child } of this.#servers) {
      child.kill('SIGTERM');
      codes.push(await exitCodeOf(child));
    }
    this.#postgres?.child.kill('SIGTERM');
    if (this.#postgres) await exitCodeOf(this.#postgres.child);
    return codes;
  }

  /** Processes of this cluster that are still there. */
  leftovers(): number[] {
    const children = [...this.#children].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    return [...children.map(({ pid }) => pid ?? -1), ...this.postgresProcesses()];
  }

  /** Ends what is still there, at once. */
  async remove(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const pid of this.postgresProcesses()) signal(pid, 'SIGKILL');
    await waitUntil(() => this.leftovers().length === 0, 20_000);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** The address that a server prints once it is ready; undefined when it ends instead. */
function addressOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('A server is neither ready nor at its end')), longestStartMs);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /Meridian is ready: (\S+)/.exec(line)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}
