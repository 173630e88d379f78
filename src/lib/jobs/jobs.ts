import { randomUUID } from 'node:crypto';
import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import {
  type Connection,
  cancelJob,
  deleteEndedJob,
  insertJob,
  type JobRow,
  selectJob,
  selectJobs,
} from './queries.ts';
import type { Job, JobStatus, Payload, Progress, Result, TaskName } from './task.ts';

export interface EnqueueOptions {
  /** While an unfinished job of the same task has this key, no second one is made. */
  key?: string;
  /** Not before so many milliseconds from now. */
  delayMs?: number;
}

/** Background work as those see it who ask for it. */
export interface Jobs {
  /**
   * Notes work to be done, inside the caller's transaction when its connection is given: it starts once that commits,
   * and never when that rolls back. Returns the job's id, or that of the unfinished one with the same key.
   */
  enqueue<Name extends TaskName>(
    connection: Connection,
    task: Name,
    payload: Payload<Name>,
    options?: EnqueueOptions,
  ): Promise<string>;
  read<Name extends TaskName>(task: Name, id: string, connection?: Connection): Promise<Job<Name> | undefined>;
  /** The newest jobs of a task, at most so many. */
  list<Name extends TaskName>(task: Name, count: number): Promise<Job<Name>[]>;
  /**
   * Ends a waiting job at once and tells a running one to end, which takes a heart-beat. Fails with `not-found` when
   * there is no such job; one that has ended stays as it is. Returns the status that it has then.
   */
  cancel<Name extends TaskName>(task: Name, id: string, connection?: Connection): Promise<JobStatus>;
  /** Removes what is known of a job that has ended; others are forgotten a month after. */
  forget<Name extends TaskName>(task: Name, id: string, connection?: Connection): Promise<void>;
  /** Calls back soon after something was enqueued here. */
  onEnqueued(listener: () => void): void;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The caller's transaction has most likely committed by then; if not, the worker finds the job when it looks next. */
const commitMs = 30;

export function createJobs(pool: Pool): Jobs {
  const listeners: (() => void)[] = [];
  return {
    async enqueue(connection, task, payload, { key, delayMs = 0 } = {}) {
      const job = { id: randomUUID(), task, key: key ?? null, payload: JSON.stringify(payload), delayMs };
      const id = await insertJob(connection, job);
      setTimeout(
        () => {
          for (const listener of listeners) listener();
        },
        commitMs + (delayMs % 86_400_000),
      ).unref();
      return id;
    },
    async read(task, id, connection = pool) {
      const row = uuid.test(id) ? await selectJob(connection, task, id) : undefined;
      return row && toJob(row);
    },
    async list(task, count) {
      return (await selectJobs(pool, task, count)).map((row) => toJob(row));
    },
    async cancel(task, id, connection = pool) {
      const status = uuid.test(id) ? await cancelJob(connection, task, id) : undefined;
      if (status) return status as JobStatus;
      const row = uuid.test(id) ? await selectJob(connection, task, id) : undefined;
      if (!row) throw new Failure('not-found', `There is no job ${id} of ${task}.`);
      return row.status as JobStatus;
    },
    async forget(task, id, connection = pool) {
      if (uuid.test(id)) await deleteEndedJob(connection, task, id);
    },
    onEnqueued(listener) {
      listeners.push(listener);
    },
  };
}

function toJob<Name extends TaskName>(row: JobRow): Job<Name> {
  return {
    id: row.id,
    task: row.task as Name,
    status: row.status as JobStatus,
    payload: JSON.parse(row.payload) as Payload<Name>,
    progress: row.progress === null ? undefined : (JSON.parse(row.progress) as Progress<Name>),
    result: row.result === null ? undefined : (JSON.parse(row.result) as Result<Name>),
    failure: row.failure ?? undefined,
    isCancelled: row.is_cancelled,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
  };
}
