import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Trail, TrailEntry } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { nothing } from '#fhir/search/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { type AccessModule, createAccess, type RoleAccess } from '../create-access.ts';
import type { Principal, Role } from '../principal.ts';
import { registerAccess } from '../routes.ts';

/** Of what was written, as far as it was committed: entries are told apart by their details. */
const entries: TrailEntry[] = [];
const trail: Trail = {
  note: () => {},
  write: async (_, written) => {
    entries.push(...written);
  },
  flush: async () => {},
};

let server: TestServer;
let module: AccessModule;
let now = Date.parse('2026-11-25T08:00:00Z');
let acting: Principal | undefined;

const as = (id: string, role: Role): Principal => ({ reference: `Practitioner/${id}`, display: `Dr ${id}`, role });
const doctor = as('chen', 'hospital-physician');
const colleague = as('li', 'hospital-physician');
const officer = as('officer', 'privacy-officer');
const resident: Principal = { reference: 'Patient/p1', display: 'Zhang', role: 'resident' };
const reason = 'Unconscious in the emergency room, no relatives';

beforeAll(async () => {
  server = await startTestServer({
    // Two requests at once may be of two people.
    authenticate: ({ headers }) => {
      const sent = headers['x-person'];
      const person: Principal | undefined = sent === undefined ? acting : JSON.parse(String(sent));
      return person && module.accessOf(person);
    },
    now: () => now,
    trail,
  });
  const { pool, search } = server.context;
  const categories = { conditionOf: () => nothing, isSensitive: () => false };
  module = createAccess({ pool, search, now: () => now, categories });
  await server.app.register(
    async (api) => {
      api.setErrorHandler(sendError);
      registerAccess(api, server.context, { minutes: 60, perDay: 3 });
    },
    { prefix: '/api/access' },
  );
  acting = { reference: 'operator', display: 'Operator', role: 'operator' };
  for (const id of ['chen', 'li', 'wu', 'officer']) {
    await server.send('PUT', `/Practitioner/${id}`, { resourceType: 'Practitioner', id });
  }
  for (const id of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']) {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }];
    await server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id, meta: { security } });
    await server.send('PUT', `/Condition/${id}`, {
      resourceType: 'Condition',
      id,
      meta: { security },
      subject: { reference: `Patient/${id}` },
    });
  }
});

afterAll(() => server?.stop());

beforeEach(() => {
  entries.length = 0;
});

async function call(principal: Principal, method: 'GET' | 'POST', url: string, body?: object) {
  const payload = body === undefined ? {} : { payload: body };
  const headers = { 'x-person': JSON.stringify(principal) };
  const answer = await server.app.inject({ method, url: `/api/access${url}`, headers, ...payload });
  return { status: answer.statusCode, body: answer.json() };
}

async function read(principal: Principal, address: string): Promise<number> {
  acting = principal;
  return (await server.get(address)).status;
}

const open = (principal: Principal, patient: string) => call(principal, 'POST', '/break-glass', { patient, reason });

test('an emergency opens the record to whoever opened it, at once and to nobody else', async () => {
  expect(await read(doctor, '/Condition/p1')).toBe(403);
  const { status, body } = await open(doctor, 'p1');
  expect(status).toBe(201);
  expect(body).toMatchObject({ patient: 'p1', isOpen: true, isOwn: true, reason });
  expect(Date.parse(body.ends) - now).toBe(3600_000);
  expect(await read(doctor, '/Condition/p1')).toBe(200);
  expect(await read(doctor, '/Patient/p1')).toBe(200);
  expect(await read(doctor, '/Condition/p2')).toBe(403);
  expect(await read(colleague, '/Condition/p1')).toBe(403);
  const [entry] = entries.filter(({ interaction }) => interaction === 'access.opened-emergency');
  expect(entry).toMatchObject({
    actor: { reference: 'Practitioner/chen', purpose: 'ETREAT' },
    action: 'E',
    outcome: '0',
    patients: ['p1'],
    detail: `${body.id}: ${reason}`,
  });
});

test('the resident is told in plain words', async () => {
  acting = resident;
  const { body } = await server.get('/Communication?subject=Patient/p1');
  expect(body.entry).toHaveLength(1);
  const { payload, recipient } = body.entry[0].resource;
  expect(recipient).toEqual([{ reference: 'Patient/p1' }]);
  expect(payload[0].contentString).toContain('Dr chen于2026-11-25 16:00因紧急情况');
  expect(payload[1].contentString).toContain(reason);
});

test('the same request again is the same emergency, also when both come at once', async () => {
  const answers = await Promise.all([
    open(doctor, 'p1'),
    open(doctor, 'p1'),
    open(colleague, 'p2'),
    open(colleague, 'p2'),
  ]);
  expect(answers.map(({ status }) => status).slice(0, 2)).toEqual([200, 200]);
  expect(
    answers
      .map(({ status }) => status)
      .slice(2)
      .sort(),
  ).toEqual([200, 201]);
  expect(answers[2]?.body.id).toBe(answers[3]?.body.id);
  const { rows } = await server.context.pool.query(
    `select count(*)::int as n from access.emergency where patient = 'p2'`,
  );
  expect(rows[0].n).toBe(1);
});

test('a page can ask whether the record is open', async () => {
  const ask = async (principal: Principal, patient: string) =>
    (await call(principal, 'GET', `/records/${patient}`)).body;
  expect(await ask(doctor, 'p1')).toMatchObject({ isOpen: true, mayBreakGlass: true, emergency: { patient: 'p1' } });
  expect(await ask(doctor, 'p6')).toEqual({ isOpen: false, mayBreakGlass: true });
  expect(await ask(doctor, 'nobody')).toEqual({ isOpen: false, mayBreakGlass: true });
  expect(await ask(resident, 'p1')).toEqual({ isOpen: true, mayBreakGlass: false });
  expect(await ask(officer, 'p1')).toEqual({ isOpen: false, mayBreakGlass: false });
});

test('looks at what was opened can be told from others', async () => {
  module.forget();
  const opened = async (principal: Principal) => ((await module.accessOf(principal)) as RoleAccess).openedInEmergency;
  expect([...(await opened(doctor))]).toEqual(['p1']);
  expect([...(await opened(officer))]).toEqual([]);
});

test('it ends by itself', async () => {
  now += 3600_000;
  expect(await read(doctor, '/Condition/p1')).toBe(403);
  const { body } = await call(doctor, 'GET', '/break-glass/mine');
  expect(body.entries).toEqual([]);
});

test('it is released before its time by whoever opened it, and by nobody else', async () => {
  const { body } = await open(doctor, 'p3');
  expect((await call(colleague, 'POST', `/break-glass/${body.id}/release`)).status).toBe(404);
  expect(await read(doctor, '/Condition/p3')).toBe(200);
  now += 1000;
  const released = await call(doctor, 'POST', `/break-glass/${body.id}/release`);
  expect(released).toMatchObject({ status: 200, body: { isOpen: false } });
  now += 1;
  expect(await read(doctor, '/Condition/p3')).toBe(403);
  expect((await call(doctor, 'POST', `/break-glass/${body.id}/release`)).body.released).toBe(released.body.released);
});

test('nobody opens more records than a person can be in need of', async () => {
  expect((await open(doctor, 'p4')).status).toBe(201);
  const { status, body } = await open(doctor, 'p5');
  expect(status).toBe(429);
  expect(body.issue[0].code).toBe('throttled');
  now += 24 * 3600_000;
  expect((await open(doctor, 'p5')).status).toBe(201);
});

test.each([
  'resident',
  'receptionist',
  'administrator',
  'regulator',
  'researcher',
  'system',
  'privacy-officer',
] as const)('a %s has no emergencies', async (role) => {
  const { status, body } = await open(as('wu', role), 'p1');
  expect(status).toBe(403);
  expect(body.resourceType).toBe('OperationOutcome');
});

test('what is asked wrongly is refused', async () => {
  expect((await call(doctor, 'POST', '/break-glass', { patient: 'p1', reason: 'short' })).status).toBe(400);
  expect((await call(doctor, 'POST', '/break-glass', { patient: '../p1', reason })).status).toBe(400);
  expect((await call(doctor, 'POST', '/break-glass', { reason })).status).toBe(400);
  expect((await open(colleague, 'nobody')).status).toBe(404);
  expect((await open(as('unknown', 'family-doctor'), 'p1')).status).toBe(422);
  acting = undefined;
  expect((await server.app.inject({ method: 'POST', url: '/api/access/break-glass', payload: {} })).statusCode).toBe(
    401,
  );
});

test('the privacy officer judges, with four eyes and once', async () => {
  const { body: list } = await call(officer, 'GET', '/break-glass?count=2');
  expect(list.entries.map((entry: { patient: string }) => entry.patient)).toEqual(['p5', 'p4']);
  const { body: second } = await call(officer, 'GET', `/break-glass?count=10&before=${list.next}`);
  expect(second.entries.map((entry: { patient: string }) => entry.patient)).toEqual(['p3', 'p2', 'p1']);
  const [{ id }] = list.entries;
  const decide = (principal: Principal, judgement: string, note?: string) =>
    call(principal, 'POST', `/break-glass/${id}/judge`, { judgement, ...(note !== undefined && { note }) });
  expect((await decide(colleague, 'justified')).status).toBe(403);
  expect((await decide({ ...doctor, role: 'privacy-officer' }, 'justified')).status).toBe(403);
  expect((await decide(officer, 'not-justified')).status).toBe(400);
  expect((await decide(officer, 'not-justified', 'There was no emergency')).body).toMatchObject({
    judgement: 'not-justified',
    judge: 'Dr officer',
  });
  expect((await decide(officer, 'not-justified', 'There was no emergency')).status).toBe(200);
  expect((await decide(officer, 'justified')).status).toBe(409);
  expect((await decide(as('wu', 'privacy-officer'), 'not-justified', 'Again')).status).toBe(409);
  const { body: judged } = await call(officer, 'GET', '/break-glass?state=judged');
  expect(judged.entries).toHaveLength(1);
  acting = { reference: 'Patient/p5', display: 'Five', role: 'resident' };
  expect((await server.get('/Communication')).body.entry).toHaveLength(2);
  expect((await call(doctor, 'GET', '/break-glass')).status).toBe(403);
});

test('what fails leaves nothing behind', async () => {
  const { pool } = server.context;
  const count = async () =>
    (
      await pool.query(
        'select count(*)::int as n from access.emergency union all select count(*)::int from fhir.access_grant',
      )
    ).rows;
  const before = await count();
  const failing: Trail = {
    ...trail,
    write: async () => {
      throw new Error('the trail is away');
    },
  };
  const { openInEmergency } = await import('./open.ts');
  const access = await module.accessOf(colleague);
  const deps = { ...server.context, trail: failing, settings: { minutes: 60, perDay: 9 } };
  await expect(openInEmergency(deps, access, { patient: 'p6', reason })).rejects.toThrow('the trail is away');
  expect(await count()).toEqual(before);
});
