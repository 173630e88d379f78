import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent, Bundle } from 'fhir/r4.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Access, type Actor, fullAccess, type Trail } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { nothing, ofPatients } from '#fhir/search/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { watchOnce } from '../concern/watch.ts';
import { type Audit, auditOperations, createAudit, registerAudit } from '../index.ts';

let server: TestServer;
let audit: Audit;
let pool: Pool;
let folder: string;

const person = (reference: string, role: string, more: Partial<Actor> = {}): Actor => ({
  reference,
  display: reference.split('/')[1] ?? '',
  role,
  purpose: 'TREAT',
  organization: 'Organization/hospital',
  ...more,
});

const resident = (id: string, others: string[] = []): Access => ({
  actor: person(`Patient/${id}`, 'resident', { purpose: 'PATRQT', organization: undefined }),
  conditionOf: (verb, type) => (verb === 'read' || verb === 'search' ? ofPatients(type, [id, ...others]) : nothing),
  mayRun: () => false,
});

const people: Record<string, Access> = {
  system: fullAccess(person('Device/loader', 'system')),
  chen: fullAccess(person('Practitioner/chen', 'hospital-physician')),
  wang: fullAccess(person('Practitioner/wang', 'hospital-physician')),
  emergency: fullAccess(person('Practitioner/wang', 'hospital-physician', { purpose: 'ETREAT' })),
  officer: fullAccess(person('Practitioner/officer', 'privacy-officer', { purpose: 'HSYSADMIN' })),
  p1: resident('p1'),
  p2: resident('p2'),
  guardian: resident('p3', ['p1']),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-audit-'));
  const trail: Trail = {
    note: (entry) => audit.trail.note(entry),
    write: (connection, entries) => audit.trail.write(connection, entries),
    flush: () => audit.trail.flush(),
  };
  server = await startTestServer({
    trail,
    operations: auditOperations,
    authenticate: ({ headers }) => people[String(headers['x-as'] ?? 'system')],
  });
  pool = createPool(server.connectionString, { max: 2, applicationName: 'audit' });
  audit = createAudit({
    pool,
    keyFile: join(folder, 'keys', 'audit.pem'),
    anchorFile: join(folder, 'audit', 'anchor.json'),
    now: Date.now,
    log: () => {},
  });
  await audit.start();
  await server.app.register(
    async (api) => {
      api.setErrorHandler(sendError);
      await registerAudit(api, server.context);
    },
    { prefix: '/api/audit' },
  );
  const phone = (value: string) => [{ system: 'phone', value }];
  const home = [{ city: 'Hangzhou', district: 'Xiaoshan', line: ['3 Willow Lane'] }];
  const put = async (resource: { resourceType: string; id: string }) => {
    const { status, text } = await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    if (status > 201) throw new Error(text);
  };
  await put({ resourceType: 'Organization', id: 'hospital', name: 'Xiaoshan County Hospital' } as never);
  for (const [id, family, own, born] of [
    ['chen', 'Chen', '111', '1980-01-01'],
    ['wang', 'Wang', '222', '1981-01-01'],
  ] as const) {
    const name = [{ family, given: ['Min'], text: `${family} Min` }];
    await put({ resourceType: 'Practitioner', id, name, telecom: phone(own), birthDate: born } as never);
    await put({
      resourceType: 'PractitionerRole',
      id: `${id}-role`,
      practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: 'Organization/hospital' },
    } as never);
  }
  const patient = (id: string, family: string, more = {}) =>
    put({ resourceType: 'Patient', id, name: [{ family, given: ['Min'], text: `${family} Min` }], ...more } as never);
  await patient('p1', 'Li', { address: [{ line: ['9 Elm Street'], city: 'Hangzhou' }] });
  await patient('p2', 'Zhao', {
    meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
  });
  await patient('p3', 'Sun');
  await patient('chen-self', 'Chen', { telecom: phone('111'), birthDate: '1980-01-01', address: home });
  await patient('chen-aunt', 'Chen', { address: home });
  await patient('lodger', 'Gao', { address: home });
  for (const subject of ['p1', 'p2']) {
    await put({
      resourceType: 'Observation',
      id: `o-${subject}`,
      status: 'final',
      code: { text: 'BP' },
      subject: { reference: `Patient/${subject}` },
    } as never);
  }
});

afterAll(async () => {
  await audit.stop();
  await server.stop();
  await pool.end();
  rmSync(folder, { recursive: true, force: true });
});

const as = (who: string) => ({ 'x-as': who });
const api = async (method: 'GET' | 'POST', url: string, who: string, payload?: object) => {
  const response = await server.app.inject({
    method,
    url: `/api/audit${url}`,
    headers: as(who),
    ...(payload && { payload }),
  });
  return { status: response.statusCode, body: response.json() };
};
const events = (bundle: Bundle): AuditEvent[] => (bundle.entry ?? []).map(({ resource }) => resource as AuditEvent);

test('a resident reads who looked at and changed their record, as AuditEvents that validate', async () => {
  await server.get('/Observation/o-p1', as('chen'));
  await server.get('/Patient/p1', as('wang'));
  await server.get('/Observation?subject=Patient/p1', as('wang'));
  await audit.trail.flush();
  const { status, body } = await server.get('/Patient/p1/$accesses', as('p1'));
  expect(status).toBe(200);
  const own = events(body);
  expect(own.map(({ action, agent }) => `${action} ${agent[0]?.who?.reference}`)).toEqual([
    'R Practitioner/wang',
    'R Practitioner/wang',
    'R Practitioner/chen',
    'C Device/loader',
    'C Device/loader',
  ]);
  for (const event of own) {
    const { body: outcome } = await server.send('POST', '/AuditEvent/$validate', event);
    expect(
      outcome.issue.filter(({ severity }: { severity: string }) => severity === 'error' || severity === 'fatal'),
    ).toEqual([]);
  }
});

test('others than the resident, whoever acts for them and the privacy officer are refused', async () => {
  for (const [who, expected] of [
    ['p2', 403],
    ['chen', 403],
    ['system', 403],
    ['guardian', 200],
    ['officer', 200],
  ] as const) {
    expect([who, (await server.get('/Patient/p1/$accesses', as(who))).status]).toEqual([who, expected]);
    expect([who, (await api('GET', '/accesses?patient=p1', who)).status]).toEqual([who, expected]);
    expect([who, (await api('GET', '/questions?patient=p1', who)).status]).toEqual([who, expected]);
  }
  for (const who of ['p1', 'chen', 'system', 'guardian']) {
    expect((await server.get('/AuditEvent/$trail', as(who))).status).toBe(403);
    expect((await api('GET', '/events', who)).status).toBe(403);
    expect((await api('GET', '/concerns', who)).status).toBe(403);
    expect((await api('GET', '/state', who)).status).toBe(403);
    expect((await api('POST', '/concerns/1/judgement', who, {})).status).toBe(403);
  }
});

test('pages follow each other without a gap or a repetition, by patient, by agent and over all', async () => {
  for (let index = 0; index < 30; index++) await server.get('/Patient/p3', as(index % 2 === 0 ? 'chen' : 'wang'));
  await audit.trail.flush();
  for (const start of ['/Patient/p3/$accesses', '/AuditEvent/$trail?agent=Practitioner/chen', '/AuditEvent/$trail']) {
    const all = events((await server.get(`${start}${start.includes('?') ? '&' : '?'}_count=500`, as('officer'))).body);
    const paged: AuditEvent[] = [];
    let next: string | undefined = `${start}${start.includes('?') ? '&' : '?'}_count=7&date=lt2100`;
    while (next !== undefined) {
      const { body }: { body: Bundle } = await server.get(next, as('officer'));
      paged.push(...events(body));
      next = body.link?.find(({ relation }) => relation === 'next')?.url.replace('http://127.0.0.1/fhir', '');
    }
    const known = new Set(all.map(({ id }) => id));
    const ids = paged.map(({ id }) => id).filter((id) => known.has(id));
    expect(ids).toEqual(all.map(({ id }) => id));
  }
});

test('filters narrow: agent, interaction, outcome and date', async () => {
  const count = async (query: string) =>
    events((await server.get(`/AuditEvent/$trail?patient=p3&_count=500&${query}`, as('officer'))).body).length;
  expect(await count('agent=Practitioner/chen')).toBe(15);
  expect(await count('interaction=read')).toBe(30);
  expect(await count('outcome=4')).toBe(0);
  expect(await count('date=lt2020')).toBe(0);
  expect(await count('date=ge2020&date=lt2100')).toBeGreaterThanOrEqual(31);
  expect((await server.get('/AuditEvent/$trail?date=ge2020', as('officer'))).status).toBe(422);
});

test('the page of a resident has a line for each person and purpose of a day, without their own looks', async () => {
  await server.get('/Observation/o-p1', as('p1'));
  await server.get('/Patient/p2', as('p1'));
  await audit.trail.flush();
  const { body } = await api('GET', '/accesses?patient=p1&zone=Asia/Shanghai', 'p1');
  const accesses = body.days.flatMap((day: { accesses: unknown[] }) => day.accesses);
  expect(accesses.map(({ agent, types, count }: never) => [(agent as Actor).reference, types, count])).toEqual(
    expect.arrayContaining([
      ['Practitioner/wang', ['Observation', 'Patient'], 2],
      ['Practitioner/chen', ['Observation'], 1],
    ]),
  );
  expect(accesses[0].agent.organizationName).toBe('Xiaoshan County Hospital');
  expect(accesses.some(({ agent }: { agent: Actor }) => agent.reference === 'Patient/p1')).toBe(false);
  const own = await api('GET', '/accesses?patient=p1&own=true', 'p1');
  expect(JSON.stringify(own.body)).toContain('"reference":"Patient/p1"');
  const refused = await api('GET', '/accesses?patient=p2', 'p2');
  expect(JSON.stringify(refused.body)).toContain('"isRefused":true');
});

test('a question reaches the privacy officer and its answer the resident; what is judged stands against a second judge', async () => {
  const { body } = await api('GET', '/accesses?patient=p1', 'p1');
  const { event } = body.days[0].accesses.find(
    ({ agent }: { agent: Actor }) => agent.reference === 'Practitioner/chen',
  );
  expect((await api('POST', '/questions', 'p2', { patient: 'p1', event, text: 'Why?' })).status).toBe(403);
  expect((await api('POST', '/questions', 'p1', { patient: 'p1', event: 1, text: 'Why?' })).status).toBe(404);
  expect((await api('POST', '/questions', 'p1', { patient: 'p1', event, text: ' ' })).status).toBe(400);
  for (const text of ['Why?', 'Why did you look?']) {
    expect((await api('POST', '/questions', 'p1', { patient: 'p1', event, text })).status).toBe(201);
  }
  const list = await api('GET', '/concerns?kind=question', 'officer');
  expect(list.body.concerns).toHaveLength(1);
  const [concern] = list.body.concerns;
  expect(concern).toMatchObject({
    agent: 'Practitioner/chen',
    patientName: 'Li Min',
    reasons: { question: 'Why did you look?' },
  });
  const judgement = { state: 'fine', note: 'She is your doctor.', version: concern.version };
  const url = `/concerns/${concern.number}/judgement`;
  const both = await Promise.all([api('POST', url, 'officer', judgement), api('POST', url, 'officer', judgement)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const answered = await api('GET', '/questions?patient=p1', 'p1');
  expect(answered.body.questions).toMatchObject([
    { text: 'Why did you look?', state: 'fine', answer: 'She is your doctor.' },
  ]);
});

test('unusual looks are marked with their reason, once a day, and ordinary ones are not', async () => {
  for (const id of ['chen-self', 'chen-aunt', 'lodger', 'p2', 'p3']) await server.get(`/Patient/${id}`, as('chen'));
  await server.get('/Patient/chen-self', as('wang'));
  await server.get('/Patient/p3', as('emergency'));
  await audit.trail.flush();
  await expect.poll(async () => (await api('GET', '/state', 'officer')).body.unsealed, { timeout: 5000 }).toBe(0);
  while (await watchOnce(server.context, 'UTC'));
  const { body } = await api('GET', '/concerns', 'officer');
  const found = body.concerns.map(({ agent, patient, kinds }: { agent: string; patient: string; kinds: string[] }) => [
    agent.split('/')[1],
    patient,
    kinds.filter((kind) => kind !== 'hours').join(' '),
  ]);
  expect(found.sort()).toEqual(
    [
      ['chen', 'chen-self', 'own-record'],
      ['chen', 'chen-aunt', 'own-family'],
      ['chen', 'lodger', 'same-household'],
      ['chen', 'p2', 'restricted'],
      ['wang', 'chen-self', 'colleague'],
      ['wang', 'p3', 'emergency'],
    ].sort(),
  );
});

test('a day with far more patients than usual is marked', async () => {
  for (let index = 0; index < 61; index++) {
    audit.trail.note({
      actor: person('Practitioner/busy', 'receptionist'),
      at: Date.now(),
      action: 'R',
      interaction: 'read',
      outcome: '0',
      entities: [],
      patients: [`nobody-${index}`],
    });
  }
  await audit.trail.flush();
  await expect.poll(async () => (await api('GET', '/state', 'officer')).body.unsealed, { timeout: 5000 }).toBe(0);
  while (await watchOnce(server.context, 'UTC'));
  const { body } = await api('GET', '/concerns?kind=volume', 'officer');
  expect(body.concerns).toMatchObject([{ agent: 'Practitioner/busy', reasons: { volume: '61/0' } }]);
});
