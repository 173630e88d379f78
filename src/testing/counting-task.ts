import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '#lib/jobs/index.ts';
import { inTransaction, type Pool } from '#lib/postgres/pool.ts';

declare module '#lib/jobs/task.ts' {
  interface Tasks {
    'testing.count': {
      payload: { to: number; stepMs: number };
      progress: { reached: number };
      result: { reached: number };
    };
  }
}

/** Writes the numbers from 1 on into the table `counted`, each in the transaction that says so in the job's progress. */
export const countingTask = (pool: Pool): Task<'testing.count'> => ({
  name: 'testing.count',
  meaning: 'Counts.',
  attempts: 2,
  async run(job) {
    let reached = job.progress?.reached ?? 0;
    while (reached < job.payload.to) {
      job.signal.throwIfAborted();
      reached += 1;
      await inTransaction(pool, async (transaction) => {
        await transaction.query('insert into counted (job, number, process) values ($1, $2, $3)', [
          job.id,
          reached,
          process.pid,
        ]);
        await job.save({ reached }, transaction);
      });
      await sleep(job.payload.stepMs);
    }
    return { reached };
  },
});
