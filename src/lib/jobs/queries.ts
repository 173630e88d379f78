import type { ClientBase } from 'pg';
import type { Pool } from '#lib/postgres/pool.ts';

export type Connection = Pool | ClientBase;

export interface JobRow {
  id: string;
  task: string;
  payload: string;
  status: string;
  lease: string | null;
  attempt: number;
  is_cancelled: boolean;
  progress: string | null;
  result: string | null;
  failure: string | null;
  created_at: Date;
  ended_at: Date | null;
}

const columns =
  'id, task, payload, status, lease, attempt, is_cancelled, progress, result, failure, created_at, ended_at';

/** Adds a job, unless an unfinished one of the same task has this key already; returns the id of either. */
export async function insertJob(
  connection: Connection,
  job: { id: string; task: string; key: string | null; payload: string; delayMs: number },
): Promise<string> {
  const { rows } = await connection.query<{ id: string }>({
    name: 'jobs-insert',
    text: `insert into meridian.job (id, task, key, payload, due_at)
           values ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')
           on conflict (task, key) where status in ('waiting', 'running') do update set key = excluded.key
           returning id`,
    values: [job.id, job.task, job.key, job.payload, job.delayMs],
  });
  return rows[0]?.id ?? job.id;
}

export async function selectJob(connection: Connection, task: string, id: string): Promise<JobRow | undefined> {
  const { rows } = await connection.query<JobRow>({
    name: 'jobs-read',
    text: `select ${columns} from meridian.job where id = $1 and task = $2`,
    values: [id, task],
  });
  return rows[0];
}

/** The newest jobs of a task. */
export async function selectJobs(connection: Connection, task: string, count: number): Promise<JobRow[]> {
  const { rows } = await connection.query<JobRow>({
    name: 'jobs-list',
    text: `select ${columns} from meridian.job where task = $1 order by created_at desc, id limit $2`,
    values: [task, count],
  });
  return rows;
}

/** Takes one job that is due, also one whose process has not renewed its lease; undefined when there is none. */
export async function claimJob(
  connection: Connection,
  tasks: readonly string[],
  lease: string,
  leaseMs: number,
): Promise<JobRow | undefined> {
  const { rows } = await connection.query<JobRow>({
    name: 'jobs-claim',
    text: `update meridian.job
           set status = 'running', lease = $2, attempt = attempt + 1,
               due_at = clock_timestamp() + $3 * interval '1 millisecond'
           where id = (
             select id from meridian.job
             where status in ('waiting', 'running') and due_at <= now() and task = any ($1)
             order by due_at limit 1
             for update skip locked
           )
           returning ${columns}`,
    values: [tasks, lease, leaseMs],
  });
  return rows[0];
}

/** Renews a lease; undefined when it is lost, otherwise whether the job is to stop. */
export async function renewLease(
  connection: Connection,
  id: string,
  lease: string,
  leaseMs: number,
): Promise<{ isCancelled: boolean } | undefined> {
  const { rows } = await connection.query<{ isCancelled: boolean }>({
    name: 'jobs-renew',
    text: `update meridian.job set due_at = clock_timestamp() + $3 * interval '1 millisecond'
           where id = $1 and lease = $2 and status = 'running'
           returning is_cancelled as "isCancelled"`,
    values: [id, lease, leaseMs],
  });
  return rows[0];
}

/** False when the lease is lost. */
export async function saveProgress(
  connection: Connection,
  id: string,
  lease: string,
  progress: string,
): Promise<boolean> {
  const { rowCount } = await connection.query({
    name: 'jobs-progress',
    text: `update meridian.job set progress = $3, attempt = 0
           where id = $1 and lease = $2 and status = 'running'`,
    values: [id, lease, progress],
  });
  return rowCount === 1;
}

export interface End {
  status: 'done' | 'failed' | 'cancelled';
  result?: string;
  failure?: string;
}

/** False when the lease is lost. */
export async function endJob(
  connection: Connection,
  id: string,
  lease: string,
  { status, result, failure }: End,
): Promise<boolean> {
  const { rowCount } = await connection.query({
    name: 'jobs-end',
    text: `update meridian.job
           set status = $3, result = $4, failure = $5, lease = null, ended_at = now()
           where id = $1 and lease = $2 and status = 'running'`,
    values: [id, lease, status, result ?? null, failure ?? null],
  });
  return rowCount === 1;
}

/** Gives a job back, to be started again by anybody. A start that ended for a reason outside the job does not count. */
export async function returnJob(
  connection: Connection,
  id: string,
  lease: string,
  { delayMs, isCounted, failure }: { delayMs: number; isCounted: boolean; failure: string | undefined },
): Promise<void> {
  await connection.query({
    name: 'jobs-return',
    text: `update meridian.job
           set status = 'waiting', lease = null, failure = $5, attempt = greatest(0, attempt - $4::int4),
               due_at = now() + $3 * interval '1 millisecond'
           where id = $1 and lease = $2 and status = 'running'`,
    values: [id, lease, delayMs, isCounted ? 0 : 1, failure ?? null],
  });
}

/** A waiting job ends at once; a running one is told to. Undefined when there is no such job, or it has ended. */
export async function cancelJob(connection: Connection, task: string, id: string): Promise<string | undefined> {
  const { rows } = await connection.query<{ status: string }>({
    name: 'jobs-cancel',
    text: `update meridian.job
           set is_cancelled = true,
               status = case status when 'waiting' then 'cancelled' else status end,
               ended_at = case status when 'waiting' then now() end
           where id = $1 and task = $2 and status in ('waiting', 'running')
           returning status`,
    values: [id, task],
  });
  return rows[0]?.status;
}

export async function deleteEndedJob(connection: Connection, task: string, id: string): Promise<void> {
  await connection.query({
    name: 'jobs-forget-one',
    text: 'delete from meridian.job where id = $1 and task = $2 and ended_at is not null',
    values: [id, task],
  });
}

/** Forgets jobs that ended long ago, some at a time; returns how many. */
export async function deleteEndedJobs(connection: Connection, days: number, count: number): Promise<number> {
  const { rowCount } = await connection.query({
    name: 'jobs-forget',
    text: `delete from meridian.job where id in (
             select id from meridian.job
             where ended_at < now() - $1 * interval '1 day'
             order by ended_at limit $2
             for update skip locked
           )`,
    values: [days, count],
  });
  return rowCount ?? 0;
}
