import { createJobs, startWorker } from '#lib/jobs/index.ts';
import { createPool } from '#lib/postgres/pool.ts';
import { countingTask } from './counting-task.ts';

/** A process that does counting jobs until it is ended, for tests that kill it: count-jobs.ts <database> <lease in ms>. */
const [, , connectionString = '', leaseMs = ''] = process.argv;
const pool = createPool(connectionString, { max: 4, applicationName: 'counting' });
const worker = startWorker({
  pool,
  jobs: createJobs(pool),
  tasks: [countingTask(pool)],
  leaseMs: Number(leaseMs),
  pollMs: 50,
});
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
process.stdout.write('ready\n');
