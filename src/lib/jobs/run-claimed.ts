import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { endJob, type JobRow, renewLease, returnJob, saveProgress } from './queries.ts';
import type { AnyTask, RunningJob, TaskName } from './task.ts';

export interface Surroundings {
  pool: Pool;
  leaseMs: number;
  log: (event: string, details: Record<string, unknown>) => void;
  /** Aborted when the process stops. */
  stopping: AbortSignal;
}

/** Why a job was aborted: what happens to it next depends on that. */
type Interruption = 'cancelled' | 'lost' | 'stopping';

const longestDelayMs = 300_000;

/** Does a job that this process has claimed, and records what became of it. */
export async function runClaimed(around: Surroundings, task: AnyTask, row: JobRow): Promise<void> {
  const { pool, log } = around;
  const { id, lease } = row as JobRow & { lease: string };
  if (row.attempt > task.attempts) {
    const failure = row.failure ?? 'The processes that worked on it ended again and again.';
    await endJob(pool, id, lease, { status: 'failed', failure });
    return;
  }
  const heart = new Heart(around, id, lease);
  if (row.is_cancelled) heart.interrupt('cancelled');
  try {
    heart.signal.throwIfAborted();
    const result = await task.run(toRunningJob(pool, row, lease, heart) as never);
    await heart.stop();
    if (!(await endJob(pool, id, lease, { status: 'done', result: JSON.stringify(result ?? null) }))) throw lost(id);
  } catch (error) {
    await heart.stop();
    if (heart.interruption === 'lost') log('jobs.lost', { job: id, task: task.name });
    else if (heart.interruption === 'cancelled') await endJob(pool, id, lease, { status: 'cancelled' });
    else if (heart.interruption === 'stopping')
      await returnJob(pool, id, lease, { delayMs: 0, isCounted: false, failure: undefined });
    else await settleFailure(around, task, row, lease, error);
  }
}

function toRunningJob(pool: Pool, row: JobRow, lease: string, heart: Heart): RunningJob<TaskName> {
  return {
    id: row.id,
    payload: JSON.parse(row.payload) as never,
    progress: (row.progress === null ? undefined : JSON.parse(row.progress)) as never,
    signal: heart.signal,
    async save(progress, transaction) {
      heart.signal.throwIfAborted();
      if (await saveProgress(transaction ?? pool, row.id, lease, JSON.stringify(progress))) return;
      heart.interrupt('lost');
      throw lost(row.id);
    },
  };
}

const lost = (id: string) => new Failure('conflict', `Another process has taken the job ${id} over.`);

/** Trouble that may pass is tried again, later and later; what the job itself is to blame for is final. */
async function settleFailure(
  { pool, log }: Surroundings,
  task: AnyTask,
  row: JobRow,
  lease: string,
  error: unknown,
): Promise<void> {
  const isOurs = error instanceof Failure;
  const failure = isOurs ? error.message : 'The server failed; its log says more.';
  const mayPass = !isOurs || error.code === 'transient' || error.code === 'timeout' || error.code === 'no-store';
  const isLast = row.attempt >= task.attempts;
  log('jobs.failed', { job: row.id, task: task.name, attempt: row.attempt, isLast: isLast || !mayPass, err: error });
  if (isLast || !mayPass) await endJob(pool, row.id, lease, { status: 'failed', failure });
  else {
    const delayMs = Math.min(longestDelayMs, 1000 * 2 ** row.attempt);
    await returnJob(pool, row.id, lease, { delayMs, isCounted: true, failure });
  }
}

/** Renews the lease of a job until it ends, and tells it when it has to. */
class Heart {
  readonly #around: Surroundings;
  readonly #id: string;
  readonly #lease: string;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #onStopping = () => this.interrupt('stopping');
  #beating: Promise<void> | undefined;
  #renewedAt = performance.now();
  interruption: Interruption | undefined;

  constructor(around: Surroundings, id: string, lease: string) {
    this.#around = around;
    this.#id = id;
    this.#lease = lease;
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = undefined;
      });
    }, around.leaseMs / 3);
    around.stopping.addEventListener('abort', this.#onStopping, { once: true });
    if (around.stopping.aborted) this.interrupt('stopping');
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  interrupt(interruption: Interruption): void {
    if (this.interruption) return;
    this.interruption = interruption;
    this.#abort.abort(new Failure('transient', `The job was interrupted: ${interruption}.`));
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#around.stopping.removeEventListener('abort', this.#onStopping);
    await this.#beating;
  }

  async #beat(): Promise<void> {
    const { pool, leaseMs } = this.#around;
    const startedAt = performance.now();
    try {
      const answer = await renewLease(pool, this.#id, this.#lease, leaseMs);
      if (!answer) this.interrupt('lost');
      else if (answer.isCancelled) this.interrupt('cancelled');
      this.#renewedAt = startedAt;
    } catch {
      // The database may be back before the lease ends; after that, somebody else may have the job.
      if (performance.now() - this.#renewedAt > leaseMs) this.interrupt('lost');
    }
  }
}
