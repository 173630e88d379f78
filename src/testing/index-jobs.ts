import { setTimeout as sleep } from 'node:timers/promises';
import { createFhir } from '#fhir/assemble.ts';
import { startWorker } from '#lib/jobs/index.ts';
import { createPool } from '#lib/postgres/pool.ts';

/** A process that indexes slowly until it is killed, and says how often it was at it: index-jobs.ts <database>. */
const [, , connectionString = ''] = process.argv;
const pool = createPool(connectionString, { max: 6, applicationName: 'indexing' });
const sidePool = createPool(connectionString, { max: 2, applicationName: 'indexing side' });
const { jobs, tasks, store } = createFhir({ pool, sidePool, baseUrl: 'http://127.0.0.1/fhir', now: Date.now });
const { add, differing } = store.indexAgain;
store.indexAgain.add = async (...given) => {
  await sleep(40);
  return add(...given);
};
store.indexAgain.differing = async (...given) => {
  await sleep(40);
  return differing(...given);
};
startWorker({ pool, jobs, tasks, pollMs: 50, leaseMs: 1000 });
process.stdout.write('ready\n');
