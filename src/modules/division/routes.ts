import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Access, accessOf } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { nationCode, parseDay } from './division.ts';
import { childrenOf, describeDivision, findDivisions } from './find-division.ts';
import { importDivisions } from './import-divisions.ts';

export interface DivisionRoutes {
  pool: Pool;
  now: () => number;
  /** Which codes whoever asks may change; fails with `forbidden` where none. */
  scopeOf(access: Access): Promise<(code: string) => boolean>;
}

/** Bytes of an import: a hundred thousand villages. */
const bodyLimit = 16 * 1024 * 1024;

type Query = Readonly<Record<string, string | undefined>>;

/** The tree of divisions at /api/division: for everybody who is signed in, to be changed by administrators. */
export async function registerDivision(app: FastifyInstance, { pool, now, scopeOf }: DivisionRoutes): Promise<void> {
  const dayOf = ({ on }: Query) => (on === undefined ? new Date(now()).toISOString().slice(0, 10) : parseDay(on, 'on'));

  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));

  app.get('/', async (request) => {
    accessOf(request);
    const query = request.query as Query;
    const on = dayOf(query);
    if (query.text === undefined) {
      return { on, ...(await childrenOf(pool, { parent: query.parent ?? nationCode, on, after: query.after })) };
    }
    const { text, within } = query;
    return { on, ...(await findDivisions(pool, { text: text.slice(0, 100), within, on, limit: limitOf(query) })) };
  });

  app.get('/:code', async (request) => {
    accessOf(request);
    const { code } = request.params as { code: string };
    const on = dayOf(request.query as Query);
    return { on, ...(await describeDivision(pool, code, on)) };
  });

  app.post('/import', { bodyLimit }, async (request, reply) => {
    const mayChange = await scopeOf(accessOf(request));
    const isDryRun = (request.query as Query).dryRun === 'true';
    const rows = importDivisions({ pool, mayChange, isDryRun }, fileOf(request));
    return reply.type('application/x-ndjson').send(Readable.from(printRows(rows)));
  });
}

function fileOf({ body }: FastifyRequest): AsyncIterable<Uint8Array> {
  if (body instanceof Readable) return body;
  throw new Failure('value', 'Send the file as text/csv.');
}

/** One JSON object a line; a file that cannot be read to its end says so in the last one. */
async function* printRows(rows: AsyncIterable<object>): AsyncGenerator<string> {
  try {
    for await (const row of rows) yield `${JSON.stringify(row)}\n`;
    yield `${JSON.stringify({ isComplete: true })}\n`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    yield `${JSON.stringify({ isComplete: false, problem: error.message })}\n`;
  }
}

function limitOf({ limit = '20' }: Query): number {
  const number = Number(limit);
  if (/^\d{1,3}$/.test(limit) && number >= 1 && number <= 100) return number;
  throw new Failure('value', `limit must be a whole number from 1 to 100, not "${limit.slice(0, 16)}".`);
}
