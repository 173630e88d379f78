import { join } from 'node:path';
import Fastify from 'fastify';
import { operatorAccess } from '#fhir/access/index.ts';
import { createFhir } from '#fhir/assemble.ts';
import { registerFhir } from '#fhir/rest/index.ts';
import { createPool } from '#lib/postgres/pool.ts';
import { createAudit } from '#modules/audit/index.ts';

/** The FHIR service on a database that is there, with the trail or without it: the product has no switch for that. */
const { BARE_DATABASE_URL = '', TRAIL_FOLDER = '' } = process.env;
const open = (max: number, name: string) => createPool(BARE_DATABASE_URL, { max, applicationName: `meridian ${name}` });
const log = (event: string, details: object) => console.error(event, details);

const audit =
  TRAIL_FOLDER === ''
    ? undefined
    : createAudit({
        pool: open(2, 'trail'),
        keyFile: join(TRAIL_FOLDER, 'audit.pem'),
        anchorFile: join(TRAIL_FOLDER, 'anchor.json'),
        now: Date.now,
        log,
      });
await audit?.start();
const fhir = createFhir({
  pool: open(12, 'trail reads'),
  sidePool: open(2, 'trail side'),
  baseUrl: 'http://127.0.0.1/fhir',
  now: Date.now,
  trail: audit?.trail,
});
const app = Fastify({ logger: false });
app.addHook('onRequest', async (request) => {
  request.access = operatorAccess;
});
await app.register(async (api) => registerFhir(api, fhir), { prefix: '/fhir' });

process.once('SIGTERM', () => {
  void (audit?.stop() ?? Promise.resolve()).then(() => process.exit(0));
});
process.stdout.write(await app.listen({ host: '127.0.0.1', port: 0 }));
