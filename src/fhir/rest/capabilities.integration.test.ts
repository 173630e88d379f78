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
    const query = searchParam.map((parameter) => `${parameter.name}=${sampleValue(type, parameter)}`).join('&');
    const { status, text } = await server.get(`/${type}?${query}`, { prefer: 'handling=strict' });
    expect(status, `${type}: ${text.slice(0, 300)}`).toBe(200);
  }
});
