import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendError } from '#fhir/rest/index.ts';
import { nothing } from '#fhir/search/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { type AccessModule, createAccess } from '../create-access.ts';
import type { Principal, Role } from '../principal.ts';
import { registerAccess } from '../routes.ts';

let server: TestServer;
let module: AccessModule;
let now = Date.parse('2026-11-25T08:00:00Z');
let acting: Principal;

const as = (id: string, role: Role, organization = 'Organization/commission'): Principal => ({
  reference: `Practitioner/${id}`,
  display: id,
  role,
  organization,
});
const regulator = as('sun', 'regulator');
const colleague = as('qian', 'regulator');
const ends = '2026-12-25T00:00:00+08:00';
const wanted = {
  title: 'Complaint 2026-117',
  purpose: 'HOPERAT',
  legalBasis: 'Regulations on medical disputes, article 12',
  patients: ['Patient/p1', 'p2'],
  ends,
};

beforeAll(async () => {
  server = await startTestServer({ authenticate: () => module.accessOf(acting), now: () => now });
  const { pool, search } = server.context;
  const categories = { conditionOf: () => nothing, isSensitive: () => false };
  module = createAccess({ pool, search, now: () => now, categories });
  await server.app.register(
    async (api) => {
      api.setErrorHandler(sendError);
      registerAccess(api, server.context);
    },
    { prefix: '/api/access' },
  );
  acting = { reference: 'operator', display: 'Operator', role: 'operator' };
  await server.send('PUT', '/Organization/commission', { resourceType: 'Organization', id: 'commission', name: 'C' });
  for (const id of ['sun', 'qian', 'zhao']) {
    await server.send('PUT', `/Practitioner/${id}`, { resourceType: 'Practitioner', id });
  }
  for (const id of ['p1', 'p2', 'p3']) {
    await server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id });
    await server.send('PUT', `/Condition/${id}`, {
      resourceType: 'Condition',
      id,
      subject: { reference: `Patient/${id}` },
    });
  }
});

afterAll(() => server?.stop());

async function call(principal: Principal, method: 'GET' | 'POST', url: string, body?: object) {
  acting = principal;
  const payload = body === undefined ? {} : { payload: body };
  const answer = await server.app.inject({ method, url: `/api/access/cases${url}`, ...payload });
  return { status: answer.statusCode, body: answer.json() };
}

async function found(principal: Principal): Promise<string[]> {
  acting = principal;
  const { status, body } = await server.get('/Condition?_count=50');
  expect(status).toBe(200);
  return (body.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id).sort();
}

test('a record is open inside a case, from the agreement of another to its end', async () => {
  const { status, body } = await call(regulator, 'POST', '', wanted);
  expect(status).toBe(201);
  expect(body).toMatchObject({ state: 'requested', isOwn: true, patients: ['p1', 'p2'] });
  expect(await found(regulator)).toEqual([]);
  const decide = (principal: Principal, decision: string) =>
    call(principal, 'POST', `/${body.id}/decide`, { decision });
  expect((await decide(regulator, 'open')).status).toBe(403);
  expect((await decide(as('zhao', 'regulator', 'Organization/elsewhere'), 'open')).status).toBe(403);
  expect((await decide(as('zhao', 'hospital-physician'), 'open')).status).toBe(403);
  expect((await decide(colleague, 'open')).body).toMatchObject({ state: 'open', decider: 'qian' });
  expect((await decide(colleague, 'open')).status).toBe(200);
  expect((await decide(colleague, 'refused')).status).toBe(409);
  expect(await found(regulator)).toEqual(['p1', 'p2']);
  expect(await found(colleague)).toEqual([]);
  now = Date.parse(ends);
  expect(await found(regulator)).toEqual([]);
  expect((await call(regulator, 'GET', '')).body.entries[0].state).toBe('ended');
  now = Date.parse('2026-11-26T08:00:00Z');
  expect((await call(regulator, 'POST', `/${body.id}/close`)).body.state).toBe('closed');
  now += 1;
  expect(await found(regulator)).toEqual([]);
});

test('a case that is refused opens nothing', async () => {
  const { body } = await call(regulator, 'POST', '', wanted);
  const officer = as('officer', 'privacy-officer', 'Organization/centre');
  const refused = await call(officer, 'POST', `/${body.id}/decide`, { decision: 'refused', note: 'No complaint' });
  expect(refused.body).toMatchObject({ state: 'refused', note: 'No complaint' });
  expect(await found(regulator)).toEqual([]);
  expect((await call(regulator, 'POST', `/${body.id}/close`)).status).toBe(409);
});

test('who may ask, and see', async () => {
  expect((await call(as('zhao', 'hospital-physician'), 'POST', '', wanted)).status).toBe(403);
  expect((await call(as('zhao', 'administrator'), 'GET', '')).status).toBe(403);
  expect((await call(as('zhao', 'insurer', 'Organization/elsewhere'), 'GET', '')).body.entries).toEqual([]);
  expect((await call(colleague, 'GET', '')).body.entries).toHaveLength(2);
  const page = await call(as('officer', 'privacy-officer'), 'GET', '?count=1');
  expect(page.body.entries).toHaveLength(1);
  expect((await call(as('officer', 'privacy-officer'), 'GET', `?before=${page.body.next}`)).body.entries).toHaveLength(
    1,
  );
});

test.each([
  [{ patients: [] }, 400],
  [{ patients: ['p1', 'nobody'] }, 404],
  [{ purpose: 'TREAT' }, 400],
  [{ ends: '2026-11-01T00:00:00Z' }, 400],
  [{ ends: '2029-11-01T00:00:00Z' }, 400],
  [{ ends: '2026-12-24' }, 400],
  [{ title: 'x'.repeat(201) }, 400],
  [{ legalBasis: '' }, 400],
])('%j is answered with %s', async (change, status) => {
  expect((await call(regulator, 'POST', '', { ...wanted, ...change })).status).toBe(status);
});
