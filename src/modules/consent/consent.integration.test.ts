import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import type { Principal } from '#modules/access/index.ts';
import { type AccessModule, createAccess, loadDataCategories } from '#modules/access/index.ts';
import { startTestServer, type TestAnswer, type TestServer } from '#testing/fhir-server.ts';
import { closeOneDue } from './clock.ts';
import { registerConsent } from './index.ts';

let server: TestServer;
let access: AccessModule;
/** Added to the time, so that days pass. */
let later = 0;

const people: Record<string, Principal> = {
  resident: { reference: 'Patient/li', display: 'Li Wei', role: 'resident' },
  stranger: { reference: 'Patient/wang', display: 'Wang Fang', role: 'resident' },
  mother: { reference: 'Patient/mother', display: 'Mother', role: 'resident' },
  specialist: {
    reference: 'Practitioner/specialist',
    display: 'Dr Chen',
    role: 'hospital-physician',
    organization: 'Organization/hospital',
  },
  clerk: {
    reference: 'Practitioner/clerk',
    display: 'Clerk',
    role: 'receptionist',
    organization: 'Organization/hospital',
  },
  officer: { reference: 'Practitioner/officer', display: 'Officer', role: 'privacy-officer' },
};

const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const day = (days: number): string => new Date(Date.now() + later + days * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  const now = () => Date.now() + later;
  server = await startTestServer({
    now,
    authenticate: (request): Promise<Access> | undefined => {
      const who = people[`${request.headers['x-who']}`];
      return who && access.accessOf(who);
    },
  });
  const { context, app } = server;
  const categories = await loadDataCategories(context);
  access = createAccess({ ...context, categories });
  await app.register(
    async (api) => {
      api.setErrorHandler(sendError);
      await registerConsent(api, context);
    },
    { prefix: '/api/consent' },
  );
  await fill();
  await categories.refresh();
  access.forget();
});

afterAll(() => server.stop());

async function fill(): Promise<void> {
  const born = `${new Date().getUTCFullYear() - 15}-01-01`;
  const patients = {
    li: {
      name: [{ text: '李伟' }],
      managingOrganization: { reference: 'Organization/hospital' },
      identifier: [{ system: 'urn:id', value: '110' }],
      birthDate: '1970-01-01',
    },
    wang: { name: [{ text: '王芳' }], identifier: [{ system: 'urn:id', value: '220' }], birthDate: '1980-01-01' },
    mother: { name: [{ text: '母亲' }], link: [{ other: { reference: 'RelatedPerson/m' }, type: 'seealso' }] },
    child: { name: [{ text: '孩子' }], birthDate: born },
  };
  const observation = (id: string, code: string, date: string) => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: loinc(code),
    subject: { reference: 'Patient/li' },
    effectiveDateTime: date,
  });
  const role = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
  const resources = [
    ...Object.entries(patients).map(([id, rest]) => ({ resourceType: 'Patient', id, ...rest })),
    { resourceType: 'Organization', id: 'hospital', name: '县医院' },
    ...['specialist', 'clerk', 'officer'].map((id) => ({ resourceType: 'Practitioner', id, name: [{ text: id }] })),
    {
      resourceType: 'RelatedPerson',
      id: 'm',
      patient: { reference: 'Patient/child' },
      relationship: [{ coding: [{ system: role, code: 'MTH' }] }],
    },
    observation('recent', '4548-4', day(-10)),
    observation('old', '4548-4', '2015-01-01'),
    observation('weight', '29463-7', day(-10)),
  ];
  for (const resource of resources) {
    await server.context.store.commit([
      { type: resource.resourceType, id: resource.id, method: 2, resource: JSON.parse(JSON.stringify(resource)) },
    ]);
  }
}

async function call(who: string, method: 'GET' | 'POST', url: string, body?: unknown): Promise<TestAnswer> {
  const response = await server.app.inject({
    method,
    url: url.startsWith('/fhir') ? url : `/api/consent${url}`,
    headers: { 'x-who': who, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  });
  const text = response.body;
  return {
    status: response.statusCode,
    headers: response.headers as Record<string, string>,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
  };
}

async function seen(who: string): Promise<string[]> {
  // What there is to be opened is remembered for a second.
  access.forget();
  const { body } = await call(who, 'GET', '/fhir/Observation?patient=Patient/li');
  return (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
}

const request = {
  patient: 'li',
  forWhom: 'myself',
  purpose: 'TREAT',
  reason: 'Second opinion',
  categories: ['everything'],
};

async function asked(changes: object = {}): Promise<{ id: string; version: number }> {
  const { status, body, text } = await call('specialist', 'POST', '/requests', {
    ...request,
    until: day(90),
    ...changes,
  });
  expect([200, 201], text).toContain(status);
  return body;
}

describe('a specialist asks, the resident narrows, looks, and takes it back', () => {
  let id = '';

  test('before anything is decided nothing is open', async () => {
    expect(await seen('specialist')).toEqual([]);
    const consent = await asked();
    id = consent.id;
    expect(consent).toMatchObject({ state: 'requested', kind: 'sharing', may: [] });
    expect(await seen('specialist')).toEqual([]);
  });

  test('the same request is made once, another one waits', async () => {
    expect((await asked()).id).toBe(id);
    const { status, body } = await call('specialist', 'POST', '/requests', { ...request, until: day(30) });
    expect([status, body.issue[0].code]).toEqual([409, 'conflict']);
  });

  test('nobody else decides, and nothing wider is granted', async () => {
    for (const who of ['stranger', 'specialist', 'clerk', 'officer']) {
      expect([who, (await call(who, 'POST', `/${id}/grant`, { note: 'x' })).status]).toEqual([who, 403]);
    }
    const wider = await call('resident', 'POST', `/${id}/grant`, { categories: ['hiv'], until: day(90) });
    expect([wider.status, wider.body.issue[0].code]).toEqual([422, 'business-rule']);
    const longer = await call('resident', 'POST', `/${id}/grant`, { categories: ['diabetes'], until: day(91) });
    expect(longer.status).toBe(422);
    expect(await seen('specialist')).toEqual([]);
  });

  test('the resident sees what waits, and is told in the record', async () => {
    const { body } = await call('resident', 'GET', '/');
    expect(body.consents[0]).toMatchObject({ id, state: 'requested', may: ['grant', 'deny'] });
    const notices = await call('resident', 'GET', '/fhir/Communication?subject=Patient/li');
    expect(notices.body.entry[0].resource.payload[0].contentString).toContain('Dr Chen');
  });

  test('diabetes of the last three months is opened, and nothing else', async () => {
    const narrower = { categories: ['diabetes'], until: day(90), dataFrom: day(-90), dataUntil: day(90) };
    const { status, body } = await call('resident', 'POST', `/${id}/grant`, narrower);
    expect([status, body.state, body.asked.categories]).toEqual([200, 'narrowed', ['everything']]);
    expect(await seen('specialist')).toEqual(['recent']);
    const again = await call('resident', 'POST', `/${id}/grant`, narrower);
    expect([again.status, again.body.version]).toEqual([200, body.version]);
  });

  test('a stale decision is refused', async () => {
    const { status } = await call('resident', 'POST', `/${id}/revoke`, { version: 1 });
    expect(status).toBe(409);
  });

  test('from the request after the revocation on nothing is open, without waiting', async () => {
    expect((await call('specialist', 'GET', '/fhir/Observation/recent')).status).toBe(200);
    const { body } = await call('resident', 'POST', `/${id}/revoke`, {});
    expect(body).toMatchObject({ state: 'revoked', may: [] });
    const refused = await call('specialist', 'GET', '/fhir/Observation/recent');
    expect([403, 404]).toContain(refused.status);
    const found = await call('specialist', 'GET', '/fhir/Observation?patient=Patient/li');
    expect(found.body.entry ?? []).toEqual([]);
    expect((await call('resident', 'POST', `/${id}/grant`, {})).status).toBe(422);
  });

  test('the receipt of today still says who could see it, and why', async () => {
    const { body } = await call('resident', 'GET', `/receipt?date=${day(0)}`);
    const line = body.lines.find(({ because }: { because: string }) => because === `Consent/${id}`);
    expect(line).toMatchObject({
      party: { reference: 'Practitioner/specialist' },
      why: 'opened',
      category: 'diabetes',
    });
    expect(Date.parse(line.until)).toBeLessThanOrEqual(Date.now() + 1000);
    expect(body.sha256).toMatch(/^[0-9a-f]{64}$/);
    const yesterday = await call('resident', 'GET', `/receipt?date=${day(-1)}`);
    expect(yesterday.body.lines).toEqual([]);
    expect((await call('stranger', 'GET', `/receipt?date=${day(0)}&patient=li`)).status).toBe(403);
    expect((await call('officer', 'GET', `/receipt?date=${day(0)}&patient=li`)).status).toBe(200);
  });
});

test('two decisions at once: one is made, the other is told of it', async () => {
  const { id, version } = await asked();
  const answers = await Promise.all([
    call('resident', 'POST', `/${id}/grant`, { version }),
    call('resident', 'POST', `/${id}/deny`, { version }),
  ]);
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses[0]).toBe(200);
  expect([409, 412, 422]).toContain(statuses[1]);
  const { body } = await call('resident', 'GET', `/${id}`);
  if (body.state === 'granted') await call('resident', 'POST', `/${id}/revoke`, {});
});

test('what the resident gives of their own accord is done once, ends at its end, and copies are to be erased', async () => {
  const gift = {
    party: 'Organization/hospital',
    purpose: 'TREAT',
    categories: ['diabetes'],
    until: day(2),
    eraseAt: day(2),
  };
  const first = await call('resident', 'POST', '/grants', gift);
  expect(first.status, first.text).toBe(201);
  const again = await call('resident', 'POST', '/grants', gift);
  expect([again.status, again.body.id]).toEqual([200, first.body.id]);
  expect(await seen('specialist')).toEqual(['old', 'recent']);
  later = 4 * 86_400_000;
  expect(await seen('specialist')).toEqual([]);
  while (await closeOneDue(server.context));
  expect((await call('resident', 'GET', `/${first.body.id}`)).body.state).toBe('expired');
  const tasks = await call('specialist', 'GET', '/fhir/Task?owner=Organization/hospital');
  expect(tasks.body.entry[0].resource).toMatchObject({ focus: { reference: `Consent/${first.body.id}` } });
});

test('a request that nobody decides about lapses', async () => {
  const { id } = await asked({ until: day(300) });
  later += 31 * 86_400_000;
  while (await closeOneDue(server.context));
  expect((await call('resident', 'GET', `/${id}`)).body.state).toBe('lapsed');
});

test('what is closed to an institution is closed whatever else opens it', async () => {
  const visit = {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'in-progress',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/li' },
    serviceProvider: { reference: 'Organization/hospital' },
  };
  await server.context.store.commit([{ type: 'Encounter', id: 'visit', method: 2, resource: visit }]);
  expect(await seen('specialist')).toEqual(['old', 'recent', 'weight']);
  const { status, body } = await call('resident', 'POST', '/closings', {
    party: 'Organization/hospital',
    categories: ['diabetes'],
  });
  expect(status).toBe(201);
  expect(await seen('specialist')).toEqual(['weight']);
  await call('resident', 'POST', `/${body.id}/revoke`, {});
  expect(await seen('specialist')).toEqual(['old', 'recent', 'weight']);
});

test('what is closed to everybody is closed to those who treat, too, and not to the resident', async () => {
  const { status, body } = await call('resident', 'POST', '/closings', { categories: ['diabetes'], until: day(30) });
  expect(status).toBe(201);
  expect(await seen('specialist')).toEqual(['weight']);
  expect(await seen('resident')).toEqual(['old', 'recent', 'weight']);
  await call('resident', 'POST', `/${body.id}/revoke`, {});
  expect(await seen('specialist')).toEqual(['old', 'recent', 'weight']);
});

test('a mandate counts once the desk has seen the proof, and ends when it is given up', async () => {
  const mandate = { identifier: '110', name: '李伟', actFor: 'them', until: day(300), reason: 'His daughter' };
  expect((await call('stranger', 'GET', '/?patient=li')).status).toBe(403);
  expect((await call('stranger', 'POST', '/mandates', { ...mandate, name: '李' })).status).toBe(404);
  const { status, body } = await call('stranger', 'POST', '/mandates', mandate);
  expect([status, body.state, body.may]).toEqual([201, 'requested', []]);
  expect((await call('stranger', 'POST', `/${body.id}/grant`, {})).status).toBe(403);
  const list = await call('clerk', 'GET', '/mandates');
  expect(list.body.consents.map(({ id }: { id: string }) => id)).toEqual([body.id]);
  expect((await call('clerk', 'POST', `/${body.id}/grant`, {})).status).toBe(400);
  expect((await call('clerk', 'POST', `/${body.id}/grant`, { note: 'Household register' })).body.state).toBe('granted');
  expect((await call('stranger', 'GET', '/?patient=li')).status).toBe(200);
  expect(await seen('stranger')).toEqual(['old', 'recent', 'weight']);
  const { body: proxies } = await call('resident', 'GET', '/proxies');
  expect(proxies.proxies).toMatchObject([{ reference: 'Patient/wang', by: 'mandate', consent: body.id }]);
  expect((await call('stranger', 'POST', `/${body.id}/revoke`, {})).body.state).toBe('revoked');
  expect((await call('stranger', 'GET', '/?patient=li')).status).toBe(403);
  expect(await seen('stranger')).toEqual([]);
});

test('a mother decides for her child, but not about what it decides itself from fourteen on', async () => {
  const gift = { patient: 'child', party: 'Organization/hospital', purpose: 'TREAT', until: day(10) };
  const { body } = await call('mother', 'GET', '/proxies');
  expect(body.wards).toMatchObject([{ reference: 'Patient/child', by: 'parent' }]);
  expect((await call('mother', 'POST', '/grants', { ...gift, categories: ['allergies'] })).status).toBe(201);
  expect((await call('mother', 'POST', '/grants', { ...gift, categories: ['mental-health'] })).status).toBe(403);
  expect((await call('stranger', 'POST', '/grants', { ...gift, categories: ['allergies'] })).status).toBe(403);
});

test('everything that is wrong with a request is told at once, and nobody is asked who has not signed in', async () => {
  const { status, body } = await call('specialist', 'POST', '/requests', {
    patient: 'li',
    forWhom: 'us',
    purpose: 'x',
    categories: ['a'],
    until: '2020-02-30',
  });
  expect(status).toBe(400);
  expect(body.issue.map(({ expression }: { expression: string[] }) => expression[0])).toEqual(
    expect.arrayContaining(['forWhom', 'purpose', 'reason', 'categories', 'until']),
  );
  expect((await call('nobody', 'GET', '/')).status).toBe(401);
  expect((await call('resident', 'POST', '/requests', { ...request, until: day(9) })).status).toBe(403);
});
