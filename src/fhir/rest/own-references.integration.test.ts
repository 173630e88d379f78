import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

const base = 'http://127.0.0.1/fhir';
const observation = (reference: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference },
  ...more,
});

beforeAll(async () => {
  server = await startTestServer();
  await server.send('PUT', '/Patient/own', { resourceType: 'Patient', id: 'own', name: [{ family: 'Own' }] });
});

afterAll(async () => {
  await server.stop();
});

async function expectFound(id: string): Promise<void> {
  expect((await server.get(`/Observation/${id}`)).body.subject.reference).toBe('Patient/own');
  for (const query of ['subject=Patient/own', `subject=${base}/Patient/own`, 'subject.name=own', 'patient=own']) {
    const { body } = await server.get(`/Observation?_id=${id}&${query}&_include=Observation:subject`);
    expect([query, body.entry?.length]).toEqual([query, 2]);
  }
}

test('an absolute reference to a resource of this server is as good as a relative one', async () => {
  const absolute = `${base}/Patient/own`;
  const { body } = await server.send('POST', '/Observation', observation(absolute));
  await expectFound(body.id);
  await server.send('PUT', '/Observation/put', observation(absolute, { id: 'put' }));
  await expectFound('put');
  await server.send('PUT', '/Observation/patched', observation('Patient/other', { id: 'patched' }));
  const patch = [{ op: 'replace', path: '/subject/reference', value: absolute }];
  const patched = await server.send('PATCH', '/Observation/patched', patch, {
    'content-type': 'application/json-patch+json',
  });
  expect(patched.status).toBe(200);
  await expectFound('patched');
  for (const type of ['batch', 'transaction']) {
    const request = { method: 'PUT', url: `Observation/${type}` };
    const entry = [{ resource: observation(absolute, { id: type }), request }];
    expect((await server.send('POST', '', { resourceType: 'Bundle', type, entry })).status).toBe(200);
    await expectFound(type);
  }
});

test('references to other servers, and what only looks like one to this, stay as they are', async () => {
  for (const reference of ['http://elsewhere.example/fhir/Patient/own', `${base}x/Patient/own`, `${base}/Nonsense/1`]) {
    const { body } = await server.send('POST', '/Observation', observation(reference));
    expect(body.subject.reference).toBe(reference);
  }
});

test('what a transaction creates is meant before what is there', async () => {
  const fullUrl = `${base}/Patient/own`;
  const entry = [
    { fullUrl, resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } },
    { resource: observation(fullUrl, { id: 'new' }), request: { method: 'PUT', url: 'Observation/new' } },
  ];
  const { body } = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  const created = body.entry[0].response.location.split('/')[1];
  expect((await server.get('/Observation/new')).body.subject.reference).toBe(`Patient/${created}`);
});
