import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { createPool, inTransaction, type Pool } from '#lib/postgres/pool.ts';
import { countingTask } from '#testing/counting-task.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createJobs, type Jobs, type RunningJob, startWorker, type Task, type Worker } from './index.ts';

declare module '#lib/jobs/task.ts' {
  interface Tasks {
    'testing.try': { payload: { name: string }; progress: { step: number }; result: string };
  }
}

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let jobs: Jobs;
const workers: Worker[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.connectionString, { max: 8, applicationName: 'test' });
  await pool.query('create table counted (job uuid, number int, process int, primary key (job, number))');
  jobs = createJobs(pool);
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await pool.query('delete from meridian.job');
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

type Run = (job: RunningJob<'testing.try'>) => Promise<string>;

function work(run: Run, { attempts = 2, leaseMs = 600, concurrency = 2 } = {}): Worker {
  const task: Task<'testing.try'> = { name: 'testing.try', meaning: 'Tries.', attempts, run };
  const worker = startWorker({ pool, jobs, tasks: [task], leaseMs, concurrency, pollMs: 20 });
  workers.push(worker);
  return worker;
}

const enqueue = (name = 'a', key?: string) =>
  jobs.enqueue(pool, 'testing.try', { name }, key === undefined ? {} : { key });

async function end(id: string) {
  for (let attempt = 0; attempt < 500; attempt++) {
    const job = await jobs.read('testing.try', id);
    if (job?.endedAt) return job;
    await sleep(20);
  }
  throw new Error('The job does not end');
}

test('a job is done once, by one of the processes, and its result is kept', async () => {
  const done: string[] = [];
  const run: Run = async ({ payload }) => {
    done.push(payload.name);
    return `did ${payload.name}`;
  };
  work(run);
  work(run);
  const names = Array.from({ length: 20 }, (_, index) => `job ${index}`);
  const ids = await Promise.all(names.map((name) => enqueue(name)));
  const ended = await Promise.all(ids.map(end));
  expect(done.sort()).toEqual([...names].sort());
  expect(ended.map(({ result }) => result)).toEqual(names.map((name) => `did ${name}`));
});

test('a job belongs to the transaction that asked for it', async () => {
  work(async () => 'done');
  const refused = inTransaction(pool, async (transaction) => {
    await jobs.enqueue(transaction, 'testing.try', { name: 'rolled back' });
    throw new Failure('invalid', 'no');
  });
  await expect(refused).rejects.toThrow('no');
  await sleep(100);
  expect(await jobs.list('testing.try', 10)).toEqual([]);
});

test('while one with the same key is unfinished, no second one is made', async () => {
  const first = await enqueue('a', 'reindex');
  expect(await enqueue('b', 'reindex')).toBe(first);
  expect(await enqueue('c', 'another')).not.toBe(first);
  work(async () => 'done');
  await end(first);
  expect(await enqueue('d', 'reindex')).not.toBe(first);
});

describe('a job that fails', () => {
  test('is tried again as often as its task says, then it has failed, without telling what a bug said', async () => {
    let starts = 0;
    work(async () => {
      starts += 1;
      throw new Error('secret');
    });
    const { status, failure } = await end(await enqueue());
    expect({ status, starts, failure }).toEqual({
      status: 'failed',
      starts: 2,
      failure: expect.stringContaining('log'),
    });
    expect(failure).not.toContain('secret');
  });

  test('for a reason of its own is not tried again', async () => {
    let starts = 0;
    work(async () => {
      starts += 1;
      throw new Failure('value', 'Name a resource type.');
    });
    const { status, failure } = await end(await enqueue());
    expect({ status, failure, starts }).toEqual({ status: 'failed', failure: 'Name a resource type.', starts: 1 });
  });

  test('after progress may be tried as often again, and goes on from there', async () => {
    const seen: (number | undefined)[] = [];
    work(async (job) => {
      const step = (job.progress?.step ?? 0) + 1;
      seen.push(job.progress?.step);
      if (step > 3) return 'done';
      await job.save({ step });
      throw new Failure('transient', 'Try again.');
    });
    expect(await end(await enqueue())).toMatchObject({ status: 'done', progress: { step: 3 } });
    expect(seen).toEqual([undefined, 1, 2, 3]);
  });
});

describe('cancelling', () => {
  test('ends a waiting job at once', async () => {
    const id = await enqueue();
    expect(await jobs.cancel('testing.try', id)).toBe('cancelled');
    let starts = 0;
    work(async () => String(starts++));
    await sleep(100);
    expect(starts).toBe(0);
  });

  test('tells a running one, which ends within a heart-beat', async () => {
    const started = Promise.withResolvers<void>();
    work(async ({ signal }) => {
      started.resolve();
      await once(signal, 'abort');
      signal.throwIfAborted();
      return 'never';
    });
    const id = await enqueue();
    await started.promise;
    expect(await jobs.cancel('testing.try', id)).toBe('running');
    expect(await end(id)).toMatchObject({ status: 'cancelled', isCancelled: true });
    expect(await jobs.cancel('testing.try', id)).toBe('cancelled');
  });

  test.each(['00000000-0000-4000-8000-000000000000', 'nothing'])('of %s finds nothing', async (id) => {
    await expect(jobs.cancel('testing.try', id)).rejects.toMatchObject({ code: 'not-found' });
    expect(await jobs.read('testing.try', id)).toBeUndefined();
  });
});

test('a process that stops gives its jobs back, and that does not count as an attempt', async () => {
  const started = Promise.withResolvers<void>();
  const first = work(
    async ({ signal }) => {
      started.resolve();
      await once(signal, 'abort');
      signal.throwIfAborted();
      return 'never';
    },
    { attempts: 1 },
  );
  const id = await enqueue();
  await started.promise;
  await first.stop();
  expect(await jobs.read('testing.try', id)).toMatchObject({ status: 'waiting', endedAt: undefined });
  work(async () => 'done', { attempts: 1 });
  expect(await end(id)).toMatchObject({ status: 'done' });
});

test('who has lost a job to another process cannot write its progress, nor what belongs to it', async () => {
  const results: unknown[] = [];
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  work(
    async (job) => {
      reached.resolve();
      await goOn.promise;
      const saved = inTransaction(pool, async (transaction) => {
        await transaction.query('insert into counted values ($1, 1, 0)', [job.id]);
        await job.save({ step: 1 }, transaction);
      });
      results.push(await saved.catch((error: Failure) => error.code));
      return 'too late';
    },
    { leaseMs: 60_000, concurrency: 1 },
  );
  const id = await enqueue();
  await reached.promise;
  await pool.query('update meridian.job set due_at = now() where id = $1', [id]);
  work(async () => 'second');
  expect(await end(id)).toMatchObject({ status: 'done', result: 'second' });
  goOn.resolve();
  while (results.length === 0) await sleep(10);
  expect(results).toEqual(['conflict']);
  expect((await pool.query('select from counted where job = $1', [id])).rowCount).toBe(0);
  expect(await jobs.read('testing.try', id)).toMatchObject({ result: 'second' });
});

test('a job that takes its process with it every time fails in the end', async () => {
  const id = await enqueue();
  await pool.query(`update meridian.job set status = 'running', lease = gen_random_uuid(), attempt = 2`);
  work(async () => 'done');
  expect(await end(id)).toMatchObject({ status: 'failed', failure: expect.stringContaining('again and again') });
});

test('killed processes are replaced within a lease, and nothing is counted twice or left out', async () => {
  const start = async () => {
    const program = new URL('../../testing/count-jobs.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program, database.connectionString, '900'], {
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  };
  const first = await start();
  const id = await jobs.enqueue(pool, 'testing.count', { to: 60, stepMs: 10 });
  const count = async () => Number((await pool.query('select from counted where job = $1', [id])).rowCount);
  const reach = async (number: number) => {
    while ((await count()) < number) await sleep(10);
  };
  await reach(5);
  first.kill('SIGKILL');
  const second = await start();
  await reach(25);
  second.kill('SIGKILL');
  const killedAt = performance.now();
  workers.push(startWorker({ pool, jobs, tasks: [countingTask(pool)], leaseMs: 900, pollMs: 50 }));
  const before = await count();
  while ((await count()) === before) await sleep(10);
  expect(performance.now() - killedAt).toBeLessThan(3000);
  await reach(60);
  const { rows } = await pool.query('select number, process from counted where job = $1 order by number', [id]);
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  expect(new Set(rows.map((row) => row.process)).size).toBe(3);
});
