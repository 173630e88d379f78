import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

const observations = 3000;
let server: TestServer;
let port: number;

beforeAll(async () => {
  server = await startTestServer();
  await server.send('PUT', '/Patient/p', { resourceType: 'Patient', id: 'p' });
  const resource = (index: number) => ({
    resourceType: 'Observation',
    id: `o${index}`,
    status: 'final',
    code: { text: 'x'.repeat(8000) },
    subject: { reference: 'Patient/p' },
  });
  for (let start = 0; start < observations; start += 500) {
    await server.context.store.commit(
      Array.from({ length: 500 }, (_, at) => ({
        type: 'Observation',
        id: `o${start + at}`,
        method: 2 as const,
        resource: resource(start + at),
      })),
    );
  }
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  port = (server.app.server.address() as AddressInfo).port;
});

afterAll(async () => {
  await server.stop();
});

/** Statements that read resources for a walk, as the database counts them. */
async function countReads(run: () => Promise<void>): Promise<number> {
  let reads = 0;
  const { pool } = server.context;
  const { query } = pool;
  const counting = function (this: typeof pool, ...args: unknown[]) {
    if ((args[0] as { name?: string }).name?.startsWith('operations-')) reads++;
    return Reflect.apply(query, pool, args);
  };
  pool.query = counting as typeof pool.query;
  try {
    await run();
  } finally {
    pool.query = query;
  }
  return reads;
}

test('a client that reads slowly holds the reading of the database back, and then has it all', async () => {
  const url = `http://127.0.0.1:${port}/fhir/Patient/p/$everything`;
  let readWhileWaiting = 0;
  const reads = await countReads(async () => {
    const request = get(url);
    const [response] = await once(request, 'response');
    response.pause();
    readWhileWaiting = await countReads(async () => {
      await sleep(700);
    });
    let text = '';
    response.setEncoding('utf8');
    for await (const piece of response) text += piece;
    expect(JSON.parse(text).entry).toHaveLength(observations + 1);
  });
  expect(reads).toBeGreaterThanOrEqual(7);
  expect(readWhileWaiting, 'most is left to be read').toBeLessThan(4);
});

test('a client that goes away ends the reading, and leaves no connection behind', async () => {
  const reads = await countReads(async () => {
    const request = get(`http://127.0.0.1:${port}/fhir/Patient/p/$everything`);
    const [response] = await once(request, 'response');
    await once(response, 'data');
    request.destroy();
    await sleep(500);
  });
  expect(reads).toBeLessThan(6);
  const { pool } = server.context;
  expect(pool.idleCount).toBe(pool.totalCount);
  expect((await server.get('/Patient/p')).status).toBe(200);
});

test('a filter that leaves all out looks at ever more at once', async () => {
  const reads = await countReads(async () => {
    const { body } = await server.get('/Patient/p/$everything?_since=2999-01-01&_count=10');
    expect(body.entry).toHaveLength(1);
  });
  expect(reads).toBeLessThan(11);
});
