import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

const reference = (name: string) => ({ reference: name });
const stored = [
  { resourceType: 'Patient', id: 'one' },
  { resourceType: 'Patient', id: 'other' },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { code: 'AMB' },
    subject: reference('Patient/one'),
  },
  ...['a', 'b', 'c'].map((id) => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: id },
    subject: reference('Patient/one'),
    ...(id === 'a' && { encounter: reference('Encounter/visit') }),
  })),
  // Belongs to the patient as its performer, not its subject.
  {
    resourceType: 'Observation',
    id: 'd',
    status: 'final',
    code: { text: 'd' },
    subject: reference('Patient/other'),
    performer: [reference('Patient/one')],
  },
  { resourceType: 'Observation', id: 'e', status: 'final', code: { text: 'e' }, subject: reference('Patient/other') },
];

beforeAll(async () => {
  server = await startTestServer();
  for (const resource of stored) await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
});

afterAll(async () => {
  await server.stop();
});

interface Found {
  entry?: { resource: { id: string } }[];
}
const idsOf = ({ entry = [] }: Found) => entry.map(({ resource }) => resource.id).sort();

test('a compartment is searched by whatever ties a resource to it', async () => {
  expect(idsOf((await server.get('/Patient/one/Observation')).body)).toEqual(['a', 'b', 'c', 'd']);
  expect(idsOf((await server.get('/Patient/one/Observation?code:text=b')).body)).toEqual(['b']);
  expect(idsOf((await server.get('/Encounter/visit/Observation')).body)).toEqual(['a']);
  expect(idsOf((await server.get('/Patient/nobody/Observation')).body)).toEqual([]);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const posted = await server.send('POST', '/Patient/one/Observation/_search', 'code:text=b,e', form);
  expect(idsOf(posted.body)).toEqual(['b']);
});

test('its pages stay inside of it', async () => {
  const found: string[] = [];
  let address: string | undefined = '/Patient/one/Observation?_count=2&_sort=-_id';
  while (address) {
    const { body }: { body: Found & { link: { relation: string; url: string }[] } } = await server.get(address);
    expect(body.link[0]?.url).toContain('/fhir/Patient/one/Observation?');
    found.push(...idsOf(body));
    address = body.link.find(({ relation }) => relation === 'next')?.url.replace('http://127.0.0.1/fhir', '');
  }
  expect(found.sort()).toEqual(['a', 'b', 'c', 'd']);
});

test('it is searched in batches and transactions too, and never written to', async () => {
  for (const type of ['batch', 'transaction']) {
    const entry = [{ request: { method: 'GET', url: 'Patient/one/Observation?code:text=a,e' } }];
    const { body } = await server.send('POST', '', { resourceType: 'Bundle', type, entry });
    expect(idsOf(body.entry[0].resource)).toEqual(['a']);
    const resource = { resourceType: 'Observation', status: 'final', code: { text: 'f' } };
    for (const method of ['POST', 'DELETE', 'PUT']) {
      const request = { method, url: 'Patient/one/Observation?code:text=a' };
      const answer = await server.send('POST', '', { resourceType: 'Bundle', type, entry: [{ resource, request }] });
      expect(type === 'batch' ? answer.body.entry[0].response.status : String(answer.status)).toBe('404');
    }
  }
  expect((await server.send('POST', '/Patient/one/Observation', { resourceType: 'Observation' })).status).toBe(404);
  expect((await server.send('DELETE', '/Patient/one/Observation')).status).toBe(404);
  expect(idsOf((await server.get('/Patient/one/Observation')).body)).toEqual(['a', 'b', 'c', 'd']);
});

test('what is no compartment, or has none of a type, is refused', async () => {
  for (const address of [
    '/Patient/one/Medication',
    '/Medication/one/Patient',
    '/Patient/one/Nonsense',
    '/Patient/a_b/Observation',
  ]) {
    const { status, body } = await server.get(address);
    expect([address, status < 500 && status >= 400, body.resourceType]).toEqual([address, true, 'OperationOutcome']);
  }
});

test('the CapabilityStatement names the compartments', async () => {
  const { body } = await server.get('/metadata');
  expect(body.rest[0].compartment).toEqual([
    'http://hl7.org/fhir/CompartmentDefinition/patient',
    'http://hl7.org/fhir/CompartmentDefinition/encounter',
  ]);
  const names = body.rest[0].searchParam.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['_id', '_lastUpdated', '_tag']));
  for (const name of names) {
    const value = name === '_lastUpdated' ? '2020' : 'x';
    expect((await server.get(`?${name}=${value}`, { prefer: 'handling=strict' })).status).toBe(200);
  }
});
