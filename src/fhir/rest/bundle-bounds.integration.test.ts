import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const data = 'A'.repeat(12 * 1024 * 1024);
  const binary = { resourceType: 'Binary', id: 'large', contentType: 'application/octet-stream', data };
  expect((await server.send('PUT', '/Binary/large', binary)).status).toBe(201);
});

afterAll(async () => {
  await server.stop();
});

const reads = (type: string, count: number) => ({
  resourceType: 'Bundle',
  type,
  entry: [
    ...Array.from({ length: count }, () => ({ request: { method: 'GET', url: 'Binary/large' } })),
    { resource: { resourceType: 'Patient', id: type }, request: { method: 'PUT', url: `Patient/${type}` } },
  ],
});

test('reads of a batch end where its answer is full, each with a word of it, and writes go on', async () => {
  const { status, body } = await server.send('POST', '', reads('batch', 10));
  expect(status).toBe(200);
  const statuses = body.entry.map(({ response }: { response: { status: string } }) => response.status);
  expect(statuses).toEqual([...Array(6).fill('200 OK'), ...Array(4).fill('422'), '201 Created']);
  expect(body.entry[9].response.outcome.issue[0].code).toBe('too-costly');
}, 60_000);

test('a transaction whose answer would be as large is refused, and writes nothing', async () => {
  const { status, body } = await server.send('POST', '', reads('transaction', 10));
  expect([status, body.issue[0].code]).toEqual([422, 'too-costly']);
  expect((await server.get('/Patient/transaction')).status).toBe(404);
}, 60_000);

test('a fullUrl that two entries have is refused, so that no reference goes to the wrong one', async () => {
  const entry = ['a', 'b'].map((family) => ({
    fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001',
    resource: { resourceType: 'Patient', name: [{ family }] },
    request: { method: 'POST', url: 'Patient' },
  }));
  const { status, body } = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  expect([status, body.issue[0].code]).toEqual([400, 'invalid']);
  expect((await server.get('/Patient?name=a,b&_summary=count')).body.total).toBe(0);
});
