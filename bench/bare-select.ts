import Fastify from 'fastify';
import { createPool } from '#lib/postgres/pool.ts';
import { selectContent } from './queries.ts';

/** The limit of a read: one prepared SELECT by primary key behind one route, on the server's HTTP stack and driver. */
const { BARE_DATABASE_URL = '', BARE_POOL = '12' } = process.env;
const pool = createPool(BARE_DATABASE_URL, { max: Number(BARE_POOL), applicationName: 'meridian bare select' });
const app = Fastify({ logger: false });

app.get<{ Params: { rid: string } }>('/bare/:rid', async ({ params }, reply) => {
  const content = await selectContent(pool, params.rid);
  if (content === undefined) return reply.code(404).send();
  return reply.header('content-type', 'application/fhir+json; charset=utf-8').send(content);
});

process.once('SIGTERM', () => process.exit(0));
process.stdout.write(await app.listen({ host: '127.0.0.1', port: 0 }));
