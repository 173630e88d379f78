import { afterAll, beforeAll, expect, test } from 'vitest';
import { nothing } from '#fhir/search/index.ts';
import { type AccessModule, createAccess, type Principal } from '#modules/access/index.ts';
import { mergeOperations } from '#modules/patient-index/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;
let module: AccessModule;
let acting: Principal = { reference: 'operator', display: 'O', role: 'operator' };

beforeAll(async () => {
  server = await startTestServer({ operations: mergeOperations, authenticate: () => module.accessOf(acting) });
  const { pool, search } = server.context;
  const categories = { conditionOf: () => nothing, isSensitive: () => false };
  module = createAccess({ pool, search, now: Date.now, categories });
  for (const id of ['p1', 'p2']) {
    await server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id });
    await server.send('PUT', `/Condition/c.${id}`, {
      resourceType: 'Condition',
      id: `c.${id}`,
      subject: { reference: `Patient/${id}` },
    });
  }
});

afterAll(() => server?.stop());

const merge = () =>
  server.send('POST', '/Patient/$merge', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'source-patient', valueReference: { reference: 'Patient/p2' } },
      { name: 'target-patient', valueReference: { reference: 'Patient/p1' } },
    ],
  });

test.each(['receptionist', 'administrator', 'privacy-officer', 'hospital-physician'] as const)(
  'as %s nobody merges',
  async (role) => {
    acting = { reference: 'Practitioner/x', display: 'X', role };
    expect((await merge()).status).toBe(403);
  },
);

test('an index clerk merges what clerks may neither read nor write', async () => {
  acting = { reference: 'Practitioner/clerk', display: 'Clerk', role: 'index-clerk' };
  expect((await merge()).status).toBe(200);
  expect((await server.get('/Condition/c.p2')).status).toBe(403);
  acting = { reference: 'operator', display: 'O', role: 'operator' };
  expect((await server.get('/Condition/c.p2')).body.subject.reference).toBe('Patient/p1');
});
