import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { until } from '#testing/until.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ isWorking: true });
});

afterAll(async () => {
  await server.stop();
});

const parameter = (code: string, members: object = {}) => ({
  resourceType: 'SearchParameter',
  url: `http://example.org/SearchParameter/${code}`,
  name: code.replaceAll('-', ''),
  status: 'active',
  description: `Searches by ${code}.`,
  code,
  base: ['Patient'],
  type: 'token',
  expression: 'Patient.maritalStatus',
  ...members,
});

async function put(code: string, members: object = {}) {
  const answer = await server.send('PUT', `/SearchParameter/${code}`, { ...parameter(code, members), id: code });
  expect(answer.status, answer.text).toBeLessThan(300);
}

async function ids(query: string): Promise<string[]> {
  const { status, body, text } = await server.get(query, { prefer: 'handling=strict' });
  expect(status, text).toBe(200);
  return (body.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id).sort();
}

const isAnswered = (type: string, code: string) =>
  until(`${code} is answered`, async () => {
    const { status } = await server.get(`/${type}?${code}:missing=true`, { prefer: 'handling=strict' });
    return status === 200;
  });

const patient = (id: string, members: object) =>
  server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id, ...members });
const married = { maritalStatus: { coding: [{ system: 'urn:ms', code: 'M', display: 'Married' }] } };

test('a search parameter finds what was there before it, and what was written since', async () => {
  await patient('before', married);
  await patient('other', {});
  await put('marital');
  await patient('since', married);
  await isAnswered('Patient', 'marital');
  expect(await ids('/Patient?marital=urn:ms|M')).toEqual(['before', 'since']);
  expect(await ids('/Patient?marital:text=marr')).toEqual(['before', 'since']);
  expect(await ids('/Patient?marital:missing=true')).toEqual(['other']);
  await patient('before', {});
  expect(await ids('/Patient?marital=M')).toEqual(['since']);
});
