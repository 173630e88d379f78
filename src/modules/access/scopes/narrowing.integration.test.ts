import { afterAll, beforeAll, expect, test } from 'vitest';
import { grantKey, grantKinds } from '#fhir/access/index.ts';
import { resourceTypes } from '#fhir/definitions/index.ts';
import { nothing } from '#fhir/search/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { isNever } from '../conditions.ts';
import { type AccessModule, createAccess } from '../create-access.ts';
import { isRole, type Principal, roles } from '../principal.ts';

let server: TestServer;
let module: AccessModule;
let acting: Principal;

const doctor: Principal = { reference: 'Practitioner/d', display: 'D', role: 'hospital-physician' };
const platform: Principal = { reference: 'Device/s', display: 'S', role: 'system' };
const category = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
];

beforeAll(async () => {
  server = await startTestServer({ authenticate: () => module.accessOf(acting) });
  const { pool, search } = server.context;
  module = createAccess({
    pool,
    search,
    now: Date.now,
    categories: { conditionOf: () => nothing, isSensitive: () => false },
  });
  acting = { reference: 'operator', display: 'O', role: 'operator' };
  const put = (type: string, id: string, rest: object = {}) =>
    server.send('PUT', `/${type}/${id}`, { resourceType: type, id, ...rest });
  await put('Practitioner', 'd');
  await put('Organization', 'o', { name: 'O' });
  for (const patient of ['p1', 'p2']) {
    const subject = { reference: `Patient/${patient}` };
    await put('Patient', patient);
    await put('Condition', `c.${patient}`, { subject });
    for (const code of ['laboratory', 'vital-signs']) {
      const id = `${code}.${patient}`;
      await put('Observation', id, { status: 'final', code: { text: code }, category: category(code), subject });
    }
  }
  const rids = new Map(
    (await pool.query<{ rid: string; id: string }>('select rid, id from fhir.resource')).rows.map(({ rid, id }) => [
      id,
      rid,
    ]),
  );
  for (const patient of ['p1', 'p2']) {
    await pool.query('insert into fhir.access_grant (key, patient, source) values ($1, $2, -1)', [
      grantKey(Number(rids.get('d')), grantKinds.treating),
      rids.get(patient),
    ]);
  }
});

afterAll(() => server?.stop());

async function found(principal: Principal, type: string): Promise<string[] | number> {
  acting = principal;
  const { status, body } = await server.get(`/${type}?_count=100`);
  if (status !== 200) return status;
  const entries: { resource: { id: string } }[] = body.entry ?? [];
  return entries.map(({ resource }) => resource.id).sort();
}

const all = ['laboratory.p1', 'laboratory.p2', 'vital-signs.p1', 'vital-signs.p2'];

test.each<[string[] | undefined, string | undefined, string[] | number]>([
  [undefined, undefined, all],
  [['user/Observation.rs'], undefined, all],
  [['user/*.read'], undefined, all],
  [['patient/Observation.rs'], 'p1', ['laboratory.p1', 'vital-signs.p1']],
  [['patient/Observation.rs?category=laboratory'], 'p1', ['laboratory.p1']],
  [['user/Observation.rs?category=laboratory'], undefined, ['laboratory.p1', 'laboratory.p2']],
  [
    ['patient/Observation.rs?category=laboratory', 'patient/Observation.rs?category=vital-signs'],
    'p1',
    ['laboratory.p1', 'vital-signs.p1'],
  ],
  [['patient/Observation.rs'], undefined, 403],
  [['patient/Condition.rs'], 'p1', 403],
  [['patient/Observation.cud'], 'p1', 403],
  [['patient/Observation.r'], 'p1', 403],
  [['user/Observation.s'], undefined, all],
  [['system/Observation.rs'], undefined, 403],
  [['openid', 'fhirUser', 'launch/patient'], 'p1', 403],
  [['user/Observation.rs?_count=1'], undefined, 403],
  [['user/Observation.rs?nonsense=1'], undefined, 403],
  [[], undefined, 403],
])('scopes %j for %s find %j', async (scopes, patient, expected) => {
  expect(await found({ ...doctor, scopes, patient }, 'Observation')).toEqual(expected);
});

test('what somebody writes must meet the query of the scope', async () => {
  acting = { ...doctor, scopes: ['patient/Observation.crus?category=laboratory'], patient: 'p1' };
  const send = (code: string, patient: string) =>
    server.send('POST', '/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      category: category(code),
      subject: { reference: `Patient/${patient}` },
    });
  expect((await send('laboratory', 'p1')).status).toBe(201);
  expect((await send('vital-signs', 'p1')).status).toBe(403);
  expect((await send('laboratory', 'p2')).status).toBe(403);
});

test('to read one resource and to search for it are two rights', async () => {
  const statusOf = async (scopes: string[], path: string) => {
    acting = { ...doctor, scopes };
    return (await server.get(path)).status;
  };
  const addresses = [
    '/Observation/laboratory.p1',
    '/Observation/laboratory.p1/_history',
    '/Observation?_id=laboratory.p1',
  ];
  const answers = async (...scopes: string[]) => {
    const found: number[] = [];
    for (const address of addresses) found.push(await statusOf(scopes, address));
    return found;
  };
  expect(await answers('user/Observation.r')).toEqual([200, 200, 403]);
  expect(await answers('user/Observation.s')).toEqual([403, 403, 200]);
  expect(await answers('user/Observation.rs')).toEqual([200, 200, 200]);
});

test('what a search includes needs the right to search for it', async () => {
  const included = async (...scopes: string[]) => {
    acting = { ...doctor, scopes };
    const { body } = await server.get('/Observation?_id=laboratory.p1&_include=Observation:subject');
    return (body.entry ?? []).map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType);
  };
  expect(await included('user/Observation.rs', 'user/Patient.r')).toEqual(['Observation']);
  expect(await included('user/Observation.rs', 'user/Patient.s')).toEqual(['Observation', 'Patient']);
});

test('a system has its own scopes and no others', async () => {
  expect(await found({ ...platform, scopes: ['system/Condition.rs'] }, 'Condition')).toEqual(['c.p1', 'c.p2']);
  expect(await found({ ...platform, scopes: ['user/Condition.rs'] }, 'Condition')).toBe(403);
  expect(
    await found({ ...platform, scopes: ['system/Condition.rs'], organization: 'Organization/o' }, 'Condition'),
  ).toEqual([]);
});

test('no scope lets a role do what it may not without', async () => {
  const verbs = ['read', 'search', 'create', 'update', 'delete'] as const;
  const wide = ['patient/*.cruds', 'user/*.cruds', 'system/*.cruds'];
  for (const role of Object.keys(roles).filter(isRole)) {
    if (role === 'operator') continue;
    const own: Principal = { reference: role === 'resident' ? 'Patient/p1' : 'Practitioner/d', display: role, role };
    const plain = await module.accessOf(own);
    const scoped = await module.accessOf({ ...own, scopes: wide, patient: 'p1' });
    for (const verb of verbs) {
      for (const type of resourceTypes) {
        if (isNever(plain.conditionOf(verb, type)))
          expect([role, verb, type, isNever(scoped.conditionOf(verb, type))]).toEqual([role, verb, type, true]);
      }
    }
    for (const operation of ['export', 'import', 'expunge', 'reindex', 'merge', 'toString', '__proto__']) {
      if (!plain.mayRun(operation)) expect(scoped.mayRun(operation)).toBe(false);
    }
  }
});

test('operations that read or write widely need scopes that do', async () => {
  const system = async (...scopes: string[]) => module.accessOf({ ...platform, scopes });
  expect((await system('system/*.cruds')).mayRun('import')).toBe(true);
  expect((await system('system/*.rs')).mayRun('import')).toBe(false);
  expect((await system('system/Patient.cruds')).mayRun('import')).toBe(false);
  expect((await system('system/Patient.rs')).mayRun('export')).toBe(true);
  expect((await module.accessOf(platform)).mayRun('expunge')).toBe(false);
});
