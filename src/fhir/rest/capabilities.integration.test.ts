import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { searchParameter } from '../indexing/index.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

interface Described {
  type: string;
  searchParam: { name: string; type: string }[];
}

const samples: Record<string, string> = {
  date: '2020',
  number: '1',
  quantity: '1',
  reference: 'Patient/1',
  special: '0|0',
};
const sampleOf = (kind: string): string => samples[kind] ?? 'x';

function sampleValue(type: string, { name, type: kind }: Described['searchParam'][number]): string {
  const parts = kind === 'composite' ? searchParameter(type, name)?.components : undefined;
  return parts?.map((part) => sampleOf(part.type)).join('$') ?? sampleOf(kind);
}

test('every search parameter that the CapabilityStatement names is understood', async () => {
  const { body } = await server.get('/metadata');
  expect([body.resourceType, body.fhirVersion]).toEqual(['CapabilityStatement', '4.0.1']);
  const resources: Described[] = body.rest[0].resource;
  expect(resources).toHaveLength(146);
  for (const { type, searchParam } of resources) {
    const own = searchParam.filter(({ name }) => !['_filter', '_list', '_has'].includes(name));
    const query = own.map((parameter) => `${parameter.name}=${sampleValue(type, parameter)}`).join('&');
    const { status, text } = await server.get(`/${type}?${query}`, { prefer: 'handling=strict' });
    expect(status, `${type}: ${text.slice(0, 300)}`).toBe(200);
  }
});

test('what every search understands is named, and understood', async () => {
  const { body } = await server.get('/metadata');
  const names: string[] = body.rest[0].resource[0].searchParam.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['_filter', '_list', '_has']));
  for (const query of ['_filter=_id eq a', '_list=a', '_has:Observation:patient:code=a']) {
    const { status, text } = await server.get(`/Patient?${encodeURI(query)}`, { prefer: 'handling=strict' });
    expect(status, text.slice(0, 300)).toBe(200);
  }
});

test('modes of /metadata are what they say', async () => {
  const terminology = await server.get('/metadata?mode=terminology');
  expect(terminology.body.resourceType).toBe('TerminologyCapabilities');
  expect(terminology.body.expansion).toMatchObject({ hierarchical: true, paging: true });
  const checked = await server.send('POST', '/TerminologyCapabilities/$validate', terminology.body);
  const errors = checked.body.issue.filter(({ severity }: { severity: string }) => severity === 'error');
  expect(errors).toEqual([]);
  expect((await server.get('/metadata?mode=full')).body.resourceType).toBe('CapabilityStatement');
  expect((await server.get('/metadata?mode=nonsense')).status).toBe(400);
  const statement = await server.send('POST', '/CapabilityStatement/$validate', (await server.get('/metadata')).body);
  expect(statement.body.issue.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([]);
});
