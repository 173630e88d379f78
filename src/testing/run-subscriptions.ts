import { createFhir } from '#fhir/assemble.ts';
import { createPool } from '#lib/postgres/pool.ts';

/** A process that matches and delivers until it is ended, for tests that kill it: run-subscriptions.ts <database> <topics> <lease in ms>. */
const [, , connectionString = '', topicsFolder = '', leaseMs = ''] = process.argv;
const pool = createPool(connectionString, { max: 6, applicationName: 'subscriptions' });
const { subscriptions } = createFhir({
  pool,
  sidePool: pool,
  baseUrl: 'http://127.0.0.1/fhir',
  now: Date.now,
  subscriptions: { topicsFolder, rules: { hosts: ['127.0.0.1'] }, leaseMs: Number(leaseMs), pollMs: 100 },
});
await subscriptions?.start();
process.once('SIGTERM', () => void subscriptions?.stop().then(() => process.exit(0)));
process.stdout.write('ready\n');
