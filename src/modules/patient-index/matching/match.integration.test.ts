import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Access, fullAccess, operatorAccess } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import {
  createCurrentModel,
  createMatching,
  matchOperations,
  type PatientMatching,
  personRows,
  registerMatching,
  searchBeforeCreate,
} from './index.ts';
import { indexPersonsTask } from './index-persons-task.ts';
import { countPersons } from './queries.ts';

let server: TestServer;
let access: Access = operatorAccess;

const clerk = fullAccess({ reference: 'Practitioner/c', display: 'Li', role: 'receptionist', purpose: 'HOPERAT' });
const residentIdSystem = 'urn:oid:2.16.840.1.113883.2.23.1.9.1';

beforeAll(async () => {
  // Operations are named before the server, and its pool, are there.
  const matching: PatientMatching = createMatching(() => current());
  server = await startTestServer({
    authenticate: () => access,
    derived: [personRows],
    operations: matchOperations(matching),
    beforeCreate: searchBeforeCreate(matching),
  });
  const current = createCurrentModel(server.context.pool, Date.now);
  const api = async (app: FastifyInstance) => {
    app.setErrorHandler(sendError);
    registerMatching(app, server.context, matching);
  };
  await server.app.register(api, { prefix: '/api' });
});

afterAll(async () => {
  await server.stop();
});

const aPatient = (text: string, more: object = {}) => ({
  resourceType: 'Patient',
  name: [{ text }],
  gender: 'male',
  birthDate: '1990-03-07',
  ...more,
});
const withId = (value: string) => ({ identifier: [{ system: residentIdSystem, value }] });
const withPhone = (value: string) => ({ telecom: [{ system: 'phone', value }] });

async function put(id: string, patient: object): Promise<void> {
  const { status, text } = await server.send('PUT', `/Patient/${id}`, { ...patient, id });
  expect([200, 201], text).toContain(status);
}

async function match(resource: object, more: object[] = []) {
  const parameter = [{ name: 'resource', resource }, ...more];
  const { status, body, text } = await server.send('POST', '/Patient/$match', {
    resourceType: 'Parameters',
    parameter,
  });
  expect(status, text).toBe(200);
  return body;
}

const idsOf = (bundle: { entry?: { resource: { id: string } }[] }): string[] =>
  (bundle.entry ?? []).map(({ resource }) => resource.id);

async function post(url: string, payload: object) {
  const response = await server.app.inject({ method: 'POST', url: `/api${url}`, payload });
  return { status: response.statusCode, body: response.json() };
}

describe('Patient/$match', () => {
  test('finds a person by a name that is heard alike, graded and scored', async () => {
    await put('xiaoming', aPatient('王小明', { ...withId('110101199003071233'), ...withPhone('13800001111') }));
    const bundle = await match(aPatient('王晓明', withPhone('+86 138-0000-1111')));
    expect(idsOf(bundle)).toEqual(['xiaoming']);
    const [{ search, fullUrl }] = bundle.entry;
    expect(fullUrl).toBe('http://127.0.0.1/fhir/Patient/xiaoming');
    expect(search.mode).toBe('match');
    expect(search.score).toBeGreaterThan(0.9);
    expect(search.extension[0].valueCode).toBe('probable');
  });

  test('finds a person by an old number of 15 digits, and by pinyin and birth date', async () => {
    expect(
      idsOf(await match(aPatient('某人', { identifier: [{ system: residentIdSystem, value: '110101900307123' }] }))),
    ).toEqual(['xiaoming']);
    expect(idsOf(await match({ ...aPatient('Xiaoming WANG'), ...withPhone('13800001111') }))).toEqual(['xiaoming']);
  });

  test('forgets what a version no longer says, and who is deleted', async () => {
    await put('moves', aPatient('赵勇', withPhone('13911112222')));
    await put('moves', aPatient('赵勇', withPhone('13911113333')));
    const asked = (phone: string) => match({ resourceType: 'Patient', ...withPhone(phone), name: [{ text: '赵勇' }] });
    expect(idsOf(await asked('13911112222'))).toEqual([]);
    expect(idsOf(await asked('13911113333'))).toEqual(['moves']);
    await server.send('DELETE', '/Patient/moves');
    expect(idsOf(await asked('13911113333'))).toEqual([]);
  });

  test('answers one certain person only, or nobody', async () => {
    await put('one', aPatient('孙丽', withId('440524198001010013')));
    const certain = [{ name: 'onlyCertainMatches', valueBoolean: true }];
    expect(idsOf(await match(aPatient('孙丽', withId('440524198001010013')), certain))).toEqual(['one']);
    await put('two', aPatient('孙丽', withId('440524198001010013')));
    expect(idsOf(await match(aPatient('孙丽', withId('440524198001010013')), certain))).toEqual([]);
    expect(
      idsOf(await match(aPatient('孙丽', withId('440524198001010013')), [{ name: 'count', valueInteger: 1 }])),
    ).toHaveLength(1);
  });

  test('does not find who was replaced by another', async () => {
    await put(
      'old',
      aPatient('周宇', {
        ...withPhone('13622223333'),
        active: false,
        link: [{ other: { reference: 'Patient/xiaoming' }, type: 'replaced-by' }],
      }),
    );
    expect(idsOf(await match(aPatient('周宇', withPhone('13622223333'))))).toEqual([]);
  });

  test('masks restricted persons', async () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }];
    const restricted = {
      ...fullAccess(clerk.actor),
      isFull: undefined,
      conditionOf: () => ({ is: 'any', conditions: [] }),
    } as unknown as Access;
    await put('hidden', {
      ...aPatient('钱学文', { ...withId('310115202402294522'), ...withPhone('13700001111') }),
      meta: { security },
      address: [{ text: '某路1号' }],
    });
    access = restricted;
    const bundle = await match(aPatient('钱学文', withId('310115202402294522')));
    access = operatorAccess;
    expect(idsOf(bundle)).toEqual(['hidden']);
    const [{ resource }] = bundle.entry;
    expect(resource.name).toEqual([{ text: '钱**' }]);
    expect(resource.identifier[0].value).toBe('****4522');
    expect(JSON.stringify(resource)).not.toMatch(/某路|13700001111|学文/);
  });

  test('is refused to those who open no records, and asks for more than a name', async () => {
    access = fullAccess({ reference: 'Patient/x', display: 'X', role: 'resident', purpose: 'PATRQT' });
    const parameter = [{ name: 'resource', resource: aPatient('王小明') }];
    const refused = await server.send('POST', '/Patient/$match', { resourceType: 'Parameters', parameter });
    access = operatorAccess;
    expect(refused.status).toBe(403);
    const empty = await server.send('POST', '/Patient/$match', {
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: { resourceType: 'Patient', name: [{ text: '王小明' }] } }],
    });
    expect(empty.status).toBe(400);
    expect(empty.body.issue[0].diagnostics).toContain('birth date');
  });

  test('finds through keys that very many share, if they share two', async () => {
    await server.context.store.commit(
      Array.from({ length: 150 }, (_, index) => ({
        type: 'Patient',
        id: `crowd-${index}`,
        method: 2 as const,
        resource: aPatient(index === 77 ? '李伟强' : '李文华', { birthDate: '1971-01-01', ...withPhone('12345678') }),
      })),
    );
    const bundle = await match(aPatient('李文强', { birthDate: '1971-01-01', ...withPhone('12345678') }));
    expect(idsOf(bundle).length).toBeGreaterThan(0);
  });
});

describe('search before create', () => {
  test('creates who is new, answers who is known, and asks where it is not sure', async () => {
    access = clerk;
    const patient = aPatient('冯雪', { gender: 'female', ...withId('990101199001010019'), birthDate: '1990-01-01' });
    const first = await post('/register', { patient });
    expect(first.status).toBe(201);
    const again = await post('/register', { patient });
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id } });
    const nameless = aPatient('冯雪', { gender: 'female', birthDate: '1990-01-01' });
    const unsure = await post('/register', { patient: nameless });
    expect(unsure.status).toBe(409);
    expect(unsure.body.matches[0].id).toBe(first.body.id);
    expect(
      unsure.body.matches[0].evidence.fields.find(({ field }: { field: string }) => field === 'birthDate').level,
    ).toBe('equal');
    const other = await post('/register', { patient: nameless, others: [first.body.id] });
    expect(other.status).toBe(201);
    access = operatorAccess;
  });

  test('is made of a create over FHIR, too, and of a POST in a transaction', async () => {
    access = clerk;
    const patient = aPatient('郝思嘉', withId('530423199003070014'));
    const first = await server.send('POST', '/Patient', patient);
    expect(first.status, first.text).toBe(201);
    const again = await server.send('POST', '/Patient', patient);
    expect({ status: again.status, location: again.headers.location?.replace(/.*fhir/, '') }).toEqual({
      status: 200,
      location: first.headers.location?.replace(/.*fhir/, ''),
    });
    const entry = [{ resource: patient, request: { method: 'POST', url: 'Patient' } }];
    const bundle = await server.send('POST', '/', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(bundle.body.entry[0].response.status).toMatch(/^200/);
    const unsure = await server.send('POST', '/Patient', aPatient('郝思嘉'));
    expect({ status: unsure.status, code: unsure.body.issue[0].code }).toEqual({
      status: 412,
      code: 'multiple-matches',
    });
    access = operatorAccess;
    expect((await server.send('POST', '/Patient', aPatient('郝思嘉'))).status).toBe(201);
  });

  test('lets two clerks at once open one record', async () => {
    access = clerk;
    const patient = aPatient('蒋文', withId('11010519491231002X'));
    const answers = await Promise.all(Array.from({ length: 6 }, () => post('/register', { patient })));
    access = operatorAccess;
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  test('refuses what is no Patient', async () => {
    expect((await post('/register', { patient: { resourceType: 'Observation' } })).status).toBe(400);
    expect((await post('/search', { patient: aPatient('王小明'), count: 0 })).status).toBe(400);
  });
});

describe('the index of persons', () => {
  test('is made anew from what is stored', async () => {
    const { pool } = server.context;
    const state = async () =>
      (await pool.query('select person, id, features, keys from patient_index.person order by person')).rows;
    const blocks = async () => (await pool.query('select * from patient_index.block order by key, person')).rows;
    const before = { persons: await state(), blocks: await blocks() };
    expect(before.persons.length).toBeGreaterThan(100);
    await pool.query('truncate patient_index.person, patient_index.block');
    const saved: unknown[] = [];
    const task = indexPersonsTask({ pool });
    await task.run({
      id: 'job',
      payload: { rules: 1 },
      progress: undefined,
      signal: new AbortController().signal,
      save: async (progress) => {
        saved.push(progress);
      },
    });
    expect({ persons: await state(), blocks: await blocks() }).toEqual(before);
    expect(saved.length).toBeGreaterThan(0);
  });

  test('stands or falls with the version', async () => {
    const { pool, store } = server.context;
    const before = await countPersons(pool);
    const failed = inTransaction(pool, async (transaction) => {
      await store.write(transaction, [{ type: 'Patient', id: 'gone', method: 2, resource: aPatient('没有') }]);
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await countPersons(pool)).toBe(before);
  });
});
