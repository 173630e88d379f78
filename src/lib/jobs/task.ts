import type { Transaction } from '#lib/postgres/pool.ts';

/**
 * Every kind of background work by its name, `module.verb-noun`: what it is given, what it tells while it runs, and what
 * is left of it. All three must survive JSON. A folder adds its own:
 *
 *     declare module '#lib/jobs/task.ts' {
 *       interface Tasks {
 *         'fhir.rebuild-index': { payload: { type: string }; progress: { done: number }; result: { rows: number } };
 *       }
 *     }
 */
// biome-ignore lint/suspicious/noEmptyInterface: others merge their members into it
export interface Tasks {}

export type TaskName = keyof Tasks & string;

type Part<Name extends TaskName, Key extends string> = Tasks[Name] extends Record<Key, infer Type> ? Type : never;
export type Payload<Name extends TaskName> = Part<Name, 'payload'>;
export type Progress<Name extends TaskName> = Part<Name, 'progress'>;
export type Result<Name extends TaskName> = Part<Name, 'result'>;

/** A job as its handler sees it. */
export interface RunningJob<Name extends TaskName> {
  readonly id: string;
  readonly payload: Payload<Name>;
  /** As last saved, by this process or one that died: where to go on. Undefined at the first start. */
  readonly progress: Progress<Name> | undefined;
  /** Aborted when the job is cancelled, the process stops, or another process has taken the job over. */
  readonly signal: AbortSignal;
  /**
   * Saves how far the job is; inside the transaction of the step itself, when one is given, so that both happen or
   * neither. Fails, and so rolls back, when the job is not this process's any more. Starts the count of attempts anew.
   */
  save(progress: Progress<Name>, transaction?: Transaction): Promise<void>;
}

/** How a kind of job is done. It may run again after any part of it: steps must be idempotent, or saved with their progress. */
export interface Task<Name extends TaskName> {
  readonly name: Name;
  /** One sentence for operators. */
  readonly meaning: string;
  /** So many starts without progress in between, then the job has failed. */
  readonly attempts: number;
  /** How many of this kind a process does at a time: one, unless it says so, lest long ones keep all others waiting. */
  readonly atATime?: number;
  run(job: RunningJob<Name>): Promise<Result<Name>>;
}

/** A task whatever its name; the worker handles all alike. */
export interface AnyTask {
  readonly name: string;
  readonly meaning: string;
  readonly attempts: number;
  readonly atATime?: number;
  run(job: never): Promise<unknown>;
}

export type JobStatus = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** What everybody may see of a job. */
export interface Job<Name extends TaskName> {
  readonly id: string;
  readonly task: Name;
  readonly status: JobStatus;
  readonly payload: Payload<Name>;
  readonly progress: Progress<Name> | undefined;
  /** There once it is done. */
  readonly result: Result<Name> | undefined;
  /** Why it failed. */
  readonly failure: string | undefined;
  /** It was told to stop, and will be `cancelled` as soon as its process hears of it. */
  readonly isCancelled: boolean;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
}
