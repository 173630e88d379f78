import { randomUUID } from 'node:crypto';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Jobs } from './jobs.ts';
import { claimJob, deleteEndedJobs, type JobRow } from './queries.ts';
import { runClaimed } from './run-claimed.ts';
import type { AnyTask } from './task.ts';

export interface WorkerOptions {
  pool: Pool;
  jobs: Jobs;
  tasks: readonly AnyTask[];
  /** How many jobs this process does at a time. */
  concurrency?: number;
  /** How often it looks for work when it has none. */
  pollMs?: number;
  /** How long after its last heart-beat a job may be taken over; the heart beats three times in it. */
  leaseMs?: number;
  /** What nobody is waiting for: `event` is `jobs.failed`, `jobs.lost`, `jobs.unreachable`. */
  log?: (event: string, details: Record<string, unknown>) => void;
}

export interface Worker {
  /** Takes no more jobs, gives those under way back (they go on elsewhere), and waits until their handlers have ended. */
  stop(): Promise<void>;
}

const hourMs = 3_600_000;
const keptDays = 30;

/** Does the jobs of these tasks until it is stopped. Any number of processes may do so on one database. */
export function startWorker(options: WorkerOptions): Worker {
  const loop = new WorkerLoop(options);
  void loop.look();
  return { stop: () => loop.stop() };
}

class WorkerLoop {
  readonly #options: Required<WorkerOptions>;
  readonly #byName: Map<string, AnyTask>;
  readonly #running = new Map<Promise<void>, string>();
  readonly #stopping = new AbortController();
  #looking: Promise<void> | undefined;
  #mustLookAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #cleanedAt = 0;

  constructor(options: WorkerOptions) {
    this.#options = { concurrency: 4, pollMs: 1000, leaseMs: 15_000, log: () => {}, ...options };
    this.#byName = new Map(options.tasks.map((task) => [task.name, task]));
    if (this.#byName.size < options.tasks.length) throw new Error('Two tasks have the same name');
    options.jobs.onEnqueued(() => void this.look());
  }

  /** Starts what is due, as far as there is room; then again when a job ends, is enqueued here, or time has passed. */
  look(): Promise<void> {
    this.#mustLookAgain = true;
    this.#looking ??= this.#lookUntilDone().finally(() => {
      this.#looking = undefined;
      if (this.#stopping.signal.aborted) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.look(), this.#options.pollMs);
    });
    return this.#looking;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all(this.#running.keys());
  }

  async #lookUntilDone(): Promise<void> {
    const { log } = this.#options;
    while (this.#mustLookAgain && !this.#stopping.signal.aborted) {
      this.#mustLookAgain = false;
      try {
        await this.#clean();
        while (await this.#startOne());
      } catch (error) {
        log('jobs.unreachable', { err: error });
      }
    }
  }

  async #startOne(): Promise<boolean> {
    const { pool, concurrency, leaseMs } = this.#options;
    const wanted = this.#wanted();
    if (this.#running.size >= concurrency || this.#stopping.signal.aborted || wanted.length === 0) return false;
    const row = await claimJob(pool, wanted, randomUUID(), leaseMs);
    if (row) this.#run(row);
    return row !== undefined;
  }

  /** Tasks of which one more may be started. */
  #wanted(): string[] {
    const running = [...this.#running.values()];
    return [...this.#byName.values()]
      .filter(({ name, atATime = 1 }) => running.filter((task) => task === name).length < atATime)
      .map(({ name }) => name);
  }

  #run(row: JobRow): void {
    const { pool, leaseMs, log } = this.#options;
    const task = this.#byName.get(row.task);
    if (!task) throw new Error(`${row.task} was not asked for`);
    const run = runClaimed({ pool, leaseMs, log, stopping: this.#stopping.signal }, task, row)
      .catch((err: Error) => log('jobs.lost', { job: row.id, task: row.task, err }))
      .finally(() => {
        this.#running.delete(run);
        void this.look();
      });
    this.#running.set(run, row.task);
  }

  async #clean(): Promise<void> {
    const now = Date.now();
    if (now - this.#cleanedAt < hourMs) return;
    this.#cleanedAt = now;
    await deleteEndedJobs(this.#options.pool, keptDays, 1000);
  }
}
