import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

/** More than a function call takes as arguments. */
const many = Array.from({ length: 150_000 }, (_, index) => ({ code: `c${index}` }));
const url = 'http://example.org/many';

test('lists of 150,000 entries are checked, indexed and used like short ones', async () => {
  const codeSystem = {
    resourceType: 'CodeSystem',
    id: 'many',
    url,
    status: 'active',
    content: 'complete',
    concept: many,
  };
  const created = await server.send('PUT', '/CodeSystem/many', codeSystem, { prefer: 'return=minimal' });
  expect(created.status, created.text.slice(0, 300)).toBe(201);
  expect((await server.get(`/CodeSystem/$lookup?system=${url}&code=c149999`)).status).toBe(200);

  const contains = many.map(({ code }) => ({ system: url, code }));
  const expansion = { timestamp: '2026-01-01', total: many.length, contains };
  const valueSet = { resourceType: 'ValueSet', id: 'many', url: `${url}/vs`, status: 'active', expansion };
  const stored = await server.send('PUT', '/ValueSet/many', valueSet, { prefer: 'return=minimal' });
  expect(stored.status, stored.text.slice(0, 300)).toBe(201);
  for (const code of ['c0', 'c149999', 'none']) {
    const asked = `/ValueSet/many/$validate-code?system=${url}&code=${code}`;
    const { status, body } = await server.get(asked);
    expect(status, JSON.stringify(body).slice(0, 300)).toBe(200);
    expect(body.parameter.find(({ name }: { name: string }) => name === 'result').valueBoolean).toBe(code !== 'none');
  }
  const page = await server.get('/ValueSet/many/$expand?count=2&offset=149998');
  expect(page.status, page.text.slice(0, 300)).toBe(200);
}, 120_000);

test('as many faults are told without a fault of our own', async () => {
  const concept = many.map(() => ({ code: 5 }));
  const wrong = { resourceType: 'CodeSystem', url, status: 'active', content: 'complete', concept };
  const { status, body } = await server.send('POST', '/CodeSystem', wrong);
  expect([status, body.resourceType]).toEqual([400, 'OperationOutcome']);
  const checked = await server.send('POST', '/CodeSystem/$validate', wrong);
  expect([checked.status, checked.body.resourceType]).toEqual([200, 'OperationOutcome']);
}, 120_000);
