import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Access } from '#fhir/access/index.ts';
import { createVault } from '#lib/vault.ts';
import { createAccess, loadDataCategories, type Principal } from '#modules/access/index.ts';
import { mergeOperations } from '#modules/patient-index/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { packClaims, printCode, readCode } from './code.ts';
import { createReplayMemory, registerHealthCode, registerHealthCodeKeys, verifyOffline } from './index.ts';
import { createPair, signWith } from './signature.ts';

let server: TestServer;
let later = 0;
const now = () => Date.now() + later;
let module: ReturnType<typeof createAccess>;

const staff = (id: string, role: Principal['role'], organization = 'Organization/hospital'): Principal => ({
  ...{ reference: `Practitioner/${id}`, display: id, role, organization },
});
const people: Record<string, Principal> = {
  li: { reference: 'Patient/li', display: 'Li', role: 'resident' },
  wang: { reference: 'Patient/wang', display: 'Wang', role: 'resident' },
  mother: { reference: 'Patient/mother', display: 'Mother', role: 'resident' },
  desk: staff('desk', 'receptionist'),
  otherDesk: staff('other', 'receptionist'),
  pharmacist: staff('pharmacist', 'pharmacist', 'Organization/pharmacy'),
  cashier: staff('cashier', 'cashier'),
  clerk: staff('clerk', 'index-clerk'),
};

beforeAll(async () => {
  server = await startTestServer({
    now,
    operations: mergeOperations,
    authenticate: (request): Promise<Access> | undefined => {
      const who = people[`${request.headers['x-who']}`];
      return who && module.accessOf(who);
    },
  });
  const { context, app } = server;
  module = createAccess({ ...context, categories: await loadDataCategories(context) });
  const settings = { algorithm: 'EdDSA', toleranceSeconds: 90, paymentLimit: 20_000 } as const;
  const deps = { ...context, vault: createVault(randomBytes(32)), settings };
  registerHealthCodeKeys(app, deps);
  await app.register(async (api) => registerHealthCode(api, deps), { prefix: '/api/health-code' });
  const role = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
  const prescription = (id: string, more: object = {}) => ({
    ...{
      resourceType: 'MedicationRequest',
      id,
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/li' },
    },
    ...{ medicationCodeableConcept: { text: id }, ...more },
  });
  const invoice = (id: string, issuer: string) => ({
    ...{ resourceType: 'Invoice', id, status: 'issued', subject: { reference: 'Patient/li' } },
    ...{ issuer: { reference: issuer }, totalGross: { value: 300, currency: 'CNY' } },
  });
  for (const resource of [
    { resourceType: 'Organization', id: 'hospital', name: '县医院' },
    { resourceType: 'Organization', id: 'pharmacy', name: '药店' },
    ...['desk', 'other', 'pharmacist', 'cashier'].map((id) => ({ resourceType: 'Practitioner', id })),
    { resourceType: 'Patient', id: 'li', name: [{ text: '李伟' }], gender: 'male', birthDate: '1970-01-01' },
    { resourceType: 'Patient', id: 'wang', name: [{ text: '王芳' }] },
    { resourceType: 'Patient', id: 'mother', link: [{ other: { reference: 'RelatedPerson/m' }, type: 'seealso' }] },
    {
      resourceType: 'Patient',
      id: 'child',
      name: [{ text: '孩子' }],
      birthDate: `${new Date().getFullYear() - 5}-01-01`,
    },
    {
      ...{ resourceType: 'RelatedPerson', id: 'm', patient: { reference: 'Patient/child' } },
      relationship: [{ coding: [{ system: role, code: 'MTH' }] }],
    },
    prescription('metformin'),
    prescription('stopped', { status: 'stopped' }),
    prescription('protected', {
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
    }),
    invoice('here', 'Organization/hospital'),
    invoice('elsewhere', 'Organization/pharmacy'),
  ]) {
    const { resourceType: type, id } = resource;
    await server.context.store.commit([{ type, id, method: 2, resource: JSON.parse(JSON.stringify(resource)) }]);
  }
});

afterAll(() => server.stop());

async function call(who: string, url: string, body?: unknown) {
  const response = await server.app.inject({
    ...{ method: body === undefined ? 'GET' : 'POST', url: url.startsWith('/.') ? url : `/api/health-code${url}` },
    headers: { 'x-who': who },
    ...(body !== undefined && { payload: body as object }),
  });
  return { status: response.statusCode, body: response.json() };
}

const every = ['identity', 'visit', 'prescriptions', 'insurance', 'payment'];
const allow = (who: string, scopes: string[], patient?: string) => call(who, '/mine/scopes', { scopes, patient });
const mint = async (who = 'li', patient?: string) => (await call(who, '/mine/code', { patient })).body;
const scan = (who: string, code: string, at = 'reception') => call(who, '/scan', { code, at });
const reasonOf = ({ status, body }: { status: number; body: { issue?: { details?: unknown }[] } }) => {
  expect(status).toBe(422);
  const [issue] = body.issue ?? [];
  return (issue?.details as { coding: { code: string }[] } | undefined)?.coding[0]?.code;
};

beforeEach(async () => {
  await allow('li', every);
});

test('at reception the code says who came and opens one visit', async () => {
  const { body: scanned } = await scan('desk', (await mint()).code);
  expect(scanned).toMatchObject({ scopes: ['identity', 'visit', 'insurance'], person: { id: 'li', name: '李伟' } });
  const first = await call('desk', '/visit', { token: scanned.token });
  expect(first.body).toMatchObject({ isNew: true, status: 'arrived' });
  expect((await call('desk', '/visit', { token: scanned.token })).body).toEqual({ ...first.body, isNew: false });
  const read = await server.context.store.read(server.context.pool, 'Encounter', first.body.encounter.split('/')[1]);
  expect(JSON.parse(read?.content ?? '{}')).toMatchObject({
    status: 'arrived',
    subject: { reference: 'Patient/li' },
    serviceProvider: { reference: 'Organization/hospital' },
  });
});

test('a code is taken once, of two terminals at once by one', async () => {
  const { code } = await mint();
  const both = await Promise.all(['desk', 'otherDesk', 'desk', 'otherDesk'].map((who) => scan(who, code)));
  expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const answer of both.filter(({ status }) => status !== 200)) expect(reasonOf(answer)).toBe('replayed');
});

test('at the pharmacy it opens what may be dispensed, and nothing specially protected', async () => {
  const { body } = await scan('pharmacist', (await mint()).code, 'pharmacy');
  const { body: opened } = await call('pharmacist', '/prescriptions', { token: body.token });
  expect(opened.resources.map(({ id }: { id: string }) => id)).toEqual(['metformin']);
  expect((await call('pharmacist', '/bill', { token: body.token })).status).toBe(200);
  expect((await call('pharmacist', '/visit', { token: body.token })).status).toBe(403);
});

test('at the cashier it opens the bill of this institution, and no health data', async () => {
  const { body } = await scan('cashier', (await mint()).code, 'cashier');
  const { body: opened } = await call('cashier', '/bill', { token: body.token });
  expect(opened.resources.map(({ id }: { id: string }) => id)).toEqual(['here']);
  expect((await call('cashier', '/prescriptions', { token: body.token })).status).toBe(403);
});

test('a payment token reads no record, and its holder confirms what is above the limit', async () => {
  await allow('li', ['payment']);
  const { body } = await scan('cashier', (await mint()).code, 'cashier');
  expect(body).not.toHaveProperty('person');
  for (const what of ['/bill', '/prescriptions', '/visit']) {
    expect((await call('cashier', what, { token: body.token })).status).toBe(403);
  }
  const asked = await call('cashier', '/payments', { token: body.token, amount: 20_001 });
  expect(asked.body.state).toBe('waiting');
  expect((await call('cashier', '/payments', { token: body.token, amount: 20_001 })).body).toEqual(asked.body);
  expect((await call('cashier', '/payments', { token: body.token, amount: 1 })).status).toBe(409);
  expect((await call('wang', `/mine/payments/${asked.body.id}`, { isConfirmed: true })).status).toBe(404);
  expect((await call('li', `/mine/payments/${asked.body.id}`, { isConfirmed: true })).status).toBe(200);
  expect((await call('li', `/mine/payments/${asked.body.id}`, { isConfirmed: false })).status).toBe(409);
  expect((await call('cashier', `/payments/${asked.body.id}`)).body.state).toBe('authorised');
  const next = (await scan('cashier', (await mint()).code, 'cashier')).body;
  const small = await call('cashier', '/payments', { token: next.token, amount: 20_000 });
  expect(small.body.state).toBe('authorised');
});

describe('refused are', () => {
  test('codes that have run out, are forged or of another issuer', async () => {
    const { code } = await mint();
    const { claims, signed } = readCode(code);
    const other = createPair('EdDSA');
    const forged = printCode(packClaims({ ...claims, issuedAt: claims.issuedAt + 1 }), readCode(code).signature);
    expect(reasonOf(await scan('desk', forged))).toBe('forged');
    expect(reasonOf(await scan('desk', printCode(signed, signWith(other, signed))))).toBe('forged');
    const foreign = packClaims({ ...claims, issuer: 'ffffffff' });
    expect(reasonOf(await scan('desk', printCode(foreign, signWith(other, foreign))))).toBe('wrong-issuer');
    expect(reasonOf(await scan('desk', 'nonsense'))).toBe('unreadable');
    later += 91_000;
    expect(reasonOf(await scan('desk', code))).toBe('expired');
  });

  test('uses that the holder has taken back, at once, also of what was opened before', async () => {
    const { code } = await mint();
    const { body } = await scan('pharmacist', (await mint()).code, 'pharmacy');
    await allow('li', ['identity']);
    expect(reasonOf(await scan('pharmacist', code, 'pharmacy'))).toBe('not-consented');
    expect(reasonOf(await call('pharmacist', '/prescriptions', { token: body.token }))).toBe('not-consented');
  });

  test('frozen codes', async () => {
    const { code } = await mint();
    await call('li', '/mine/freeze', { isFrozen: true });
    expect(reasonOf(await scan('desk', code))).toBe('frozen');
    expect((await call('li', '/mine/code', {})).status).toBe(422);
    await call('li', '/mine/freeze', { isFrozen: false });
    expect((await scan('desk', code)).status).toBe(200);
  });

  test('places that are not those of the role, tokens of others, and nobody', async () => {
    const { code } = await mint();
    expect((await scan('desk', code, 'pharmacy')).status).toBe(403);
    expect((await scan('li', code)).status).toBe(403);
    expect((await scan('nobody', code)).status).toBe(401);
    const { body } = await scan('desk', code);
    expect((await call('otherDesk', '/visit', { token: body.token })).status).toBe(403);
  });
});

test('paper opens identity and visit only, again and again, until it is called back', async () => {
  const { body } = await call('li', '/mine/paper', {});
  const { code } = body.paper;
  for (const time of [1, 2]) {
    later += time;
    expect((await scan('desk', code)).body.scopes).toEqual(['identity', 'visit']);
  }
  expect(reasonOf(await scan('pharmacist', code, 'pharmacy'))).toBe('not-consented');
  await call('li', '/mine/paper/revoke', {});
  expect(reasonOf(await scan('desk', code))).toBe('revoked');
});

test('digits are typed in once, and guessing is slowed down', async () => {
  later += 60_000;
  const { digits, code } = await mint();
  expect((await scan('desk', `${digits.slice(0, 4)} ${digits.slice(4)}`)).status).toBe(200);
  expect(reasonOf(await scan('desk', digits))).toBe('replayed');
  expect(reasonOf(await scan('desk', code))).toBe('replayed');
  expect(await mint()).not.toHaveProperty('digits');
  const wrong = `${(Number(digits) + 1) % 1e8}`.padStart(8, '0');
  for (let guess = 0; guess < 10; guess++) expect(reasonOf(await scan('otherDesk', wrong))).toBe('unknown');
  expect((await scan('otherDesk', wrong)).status).toBe(429);
  later += 11 * 60_000;
});

test('a parent shows the code of a child, and nobody else does', async () => {
  expect((await allow('mother', ['identity', 'visit'], 'child')).status).toBe(200);
  const { body } = await scan('desk', (await mint('mother', 'child')).code);
  expect(body.person.id).toBe('child');
  expect((await call('wang', '/mine/code', { patient: 'child' })).status).toBe(403);
  expect((await call('wang', '/mine?patient=child')).status).toBe(403);
});

test('without a network codes are taken by the published keys, and doubles are found when they are sent in', async () => {
  const { body: keys } = await call('', '/.well-known/meridian-health-code-keys');
  const first = await mint();
  const second = await mint();
  const memory = createReplayMemory(now);
  for (const { code } of [first, second]) expect(verifyOffline(code, keys, { now: now(), memory }).isTaken).toBe(true);
  expect(verifyOffline(first.code, keys, { now: now(), memory })).toMatchObject({ reason: 'replayed' });
  const takenAt = new Date(now()).toISOString();
  expect((await scan('otherDesk', second.code)).status).toBe(200);
  later += 3600_000;
  const codes = [first, second].map(({ code }) => ({ code, takenAt }));
  const expected = [{ isTaken: true }, { isTaken: false, reason: 'replayed' }];
  for (const time of ['once', 'again']) {
    const { body } = await call('desk', '/sync', { at: 'reception', codes });
    expect(body.rows, time).toMatchObject(expected);
  }
  const elsewhere = await call('otherDesk', '/sync', { at: 'reception', codes: [codes[0]] });
  expect(elsewhere.body.rows).toMatchObject([{ isTaken: false, reason: 'replayed' }]);
  expect((await call('desk', '/sync', { at: 'reception', codes: [{ code: 1 }] })).status).toBe(400);
});

test('the holder reads who scanned, and what was refused', async () => {
  await scan('desk', (await mint()).code);
  const { body } = await call('li', '/mine');
  expect(body.uses[0]).toMatchObject({
    place: 'reception',
    display: 'desk',
    scopes: ['identity', 'visit', 'insurance'],
  });
  expect(body.uses.some(({ refusal }: { refusal?: string }) => refusal === 'frozen')).toBe(true);
});

test('the code of somebody who was merged is that of the survivor, and frozen with it', async () => {
  await allow('wang', ['identity', 'visit']);
  const { code } = await mint('wang');
  const reference = (name: string, id: string) => ({ name, valueReference: { reference: `Patient/${id}` } });
  const parameter = [reference('source-patient', 'wang'), reference('target-patient', 'li')];
  const merged = await server.send(
    'POST',
    '/Patient/$merge',
    { resourceType: 'Parameters', parameter },
    { 'x-who': 'clerk' },
  );
  expect(merged.status).toBe(200);
  await call('li', '/mine/freeze', { isFrozen: true });
  expect(reasonOf(await scan('desk', code))).toBe('frozen');
  await call('li', '/mine/freeze', { isFrozen: false });
  expect((await scan('desk', code)).body.person).toMatchObject({ id: 'li', name: '李伟' });
});
