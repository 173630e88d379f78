import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Access, fullAccess } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { follow } from './follow.ts';
import {
  createCurrentModel,
  createMatching,
  matchOperations,
  mergeOperations,
  personRows,
  registerPatientIndex,
} from './index.ts';
import { comparePending } from './review/compare-pending.ts';

let server: TestServer;
let api: FastifyInstance;

const as = (role: string, reference = `Practitioner/${role}`): Access =>
  fullAccess({ reference, display: role, role, purpose: 'HOPERAT' });

let access: Access | undefined = as('index-clerk');

beforeAll(async () => {
  server = await startTestServer({
    authenticate: () => access ?? as('operator'),
    operations: [...mergeOperations],
    derived: [personRows],
  });
  api = Fastify({ logger: false });
  api.setErrorHandler(sendError);
  api.addHook('onRequest', async (request) => {
    request.access = access;
  });
  const { pool, now } = server.context;
  await registerPatientIndex(api, server.context, createMatching(createCurrentModel(pool, now)));
  expect(matchOperations.length).toBe(1);
});

afterAll(async () => {
  await api.close();
  await server.stop();
});

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  const answer = await api.inject({ method, url, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
}

const aPatient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, name: [{ text: id }], ...more });

async function put(resource: { resourceType: string; id: string }) {
  const { status, text } = await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
  expect([200, 201], text).toContain(status);
}

const routes: ['GET' | 'POST' | 'DELETE', string][] = [
  ['GET', '/merge'],
  ['POST', '/merge'],
  ['GET', '/merge/1'],
  ['GET', '/merge/1/unmerge'],
  ['POST', '/merge/1/unmerge'],
  ['POST', '/merge/1/placements'],
  ['GET', '/review'],
  ['GET', '/review/1'],
  ['POST', '/review/1/claim'],
  ['DELETE', '/review/1/claim'],
  ['POST', '/review/1/decision'],
];

describe('who may', () => {
  test.each(routes)('%s %s is for those who have signed in as index clerks', async (method, url) => {
    access = undefined;
    expect((await call(method, url, method === 'POST' ? {} : undefined)).status).toBe(401);
    for (const role of ['hospital-physician', 'resident', 'administrator', 'receptionist', 'system', 'insurer']) {
      access = as(role);
      const { status, body } = await call(method, url, method === 'POST' ? {} : undefined);
      expect([status, body.resourceType], role).toEqual([403, 'OperationOutcome']);
    }
    access = as('index-clerk');
  });

  test('nobody merges their own record', async () => {
    await put(aPatient('self'));
    await put(aPatient('twin'));
    access = as('index-clerk', 'Patient/self');
    const merged = await call('POST', '/merge', { source: 'twin', target: 'self', reason: 'mine' });
    access = as('index-clerk');
    expect([merged.status, merged.body.issue[0].code]).toEqual([403, 'forbidden']);
  });
});

describe('$merge', () => {
  const named = (source: string, target: string, ...more: object[]) => ({
    resourceType: 'Parameters',
    parameter: [
      { name: 'source-patient', valueReference: { reference: `Patient/${source}` } },
      { name: 'target-patient', valueReference: { reference: `Patient/${target}` } },
      ...more,
    ],
  });
  const partOf = (body: { parameter: { name: string; resource: unknown }[] }, name: string) =>
    body.parameter.find((one) => one.name === name)?.resource;

  test('shows first, merges then, and again changes nothing', async () => {
    await put(aPatient('old', { identifier: [{ system: 'urn:a,b', value: '1' }] }));
    await put(aPatient('kept', { identifier: [{ system: 'urn:mrn', value: '2' }] }));
    await put({ resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/old' } } as never);
    const preview = await server.send(
      'POST',
      '/Patient/$merge',
      named('old', 'kept', { name: 'preview', valueBoolean: true }),
    );
    expect(JSON.stringify(partOf(preview.body, 'outcome'))).toContain('would move 1 resources');
    expect((await server.get('/Patient/old')).body.active).toBeUndefined();
    const byIdentifier = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'source-patient-identifier', valueIdentifier: { system: 'urn:a,b', value: '1' } },
        { name: 'target-patient-identifier', valueIdentifier: { system: 'urn:mrn', value: '2' } },
        { name: 'reason', valueString: 'Same card' },
      ],
    };
    const merged = await server.send('POST', '/Patient/$merge', byIdentifier);
    expect(merged.status, merged.text).toBe(200);
    expect(partOf(merged.body, 'result')).toMatchObject({ id: 'kept', link: [{ type: 'replaces' }] });
    expect((await server.get('/Condition/c')).body.subject.reference).toBe('Patient/kept');
    const again = await server.send('POST', '/Patient/$merge', named('old', 'kept'));
    expect(JSON.stringify(partOf(again.body, 'outcome'))).toContain('done before');
    expect((await server.get('/Condition/c')).headers.etag).toBe('W/"2"');
  });

  test('takes what the survivor is to be, with what makes it the survivor', async () => {
    await put(aPatient('old2', { identifier: [{ system: 'urn:mrn', value: 'old2' }] }));
    await put(aPatient('kept2', { identifier: [{ system: 'urn:mrn', value: 'kept2' }] }));
    const result = aPatient('kept2', { birthDate: '1990-01-01' });
    const merged = await server.send(
      'POST',
      '/Patient/$merge',
      named('old2', 'kept2', { name: 'result-patient', resource: result }),
    );
    expect(merged.status, merged.text).toBe(200);
    const { body } = await server.get('/Patient/kept2');
    expect(body).toMatchObject({ birthDate: '1990-01-01', link: [{ other: { reference: 'Patient/old2' } }] });
    expect(body.identifier.map(({ value }: { value: string }) => value).sort()).toEqual(['kept2', 'old2']);
  });

  test.each([
    [{ resourceType: 'Parameters', parameter: [] }, 400],
    [named('nobody', 'kept'), 404],
    [named('kept', 'kept'), 400],
    [named('kept', 'x', { name: 'target-patient-identifier', valueIdentifier: { value: '1' } }), 400],
  ])('refuses what it cannot mean', async (parameters, status) => {
    expect((await server.send('POST', '/Patient/$merge', parameters)).status).toBe(status);
  });
});

describe('a restricted person', () => {
  const confidential = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' };

  test('is compared, and nothing of the record is shown or kept', async () => {
    const { context } = server;
    const matching = createMatching(createCurrentModel(context.pool, context.now));
    await follow(context);
    const person = { name: [{ text: '秘文静' }], birthDate: '1977-07-08', gender: 'female' };
    const more = { telecom: [{ system: 'phone', value: '13912345678' }], address: [{ text: '秘密路五号' }] };
    await put(aPatient('hidden', { ...person, ...more, meta: { security: [confidential] } }));
    await put(aPatient('known', { ...person, telecom: more.telecom }));
    while (await follow(context));
    while ((await comparePending({ ...context, matching })) > 0);
    const { body: list } = await call('GET', '/review');
    const found = list.reviews.find(({ left, right }: { left: string; right: string }) =>
      [left, right].includes('hidden'),
    );
    const { body: pair } = await call('GET', `/review/${found.review}`);
    const hidden = pair.patients.find(({ id }: { id: string }) => id === 'hidden');
    expect(hidden).toMatchObject({ name: [{ text: '秘**' }], birthDate: '1977' });
    const said = JSON.stringify({ hidden, fields: found.evidence.fields });
    expect(said).not.toContain('秘密路');
    const side = found.left === 'hidden' ? 'left' : 'right';
    const values = found.evidence.fields.map((field: Record<string, unknown>) => field[side] ?? null);
    expect(new Set(values)).toEqual(new Set([null]));
    expect(found.evidence.fields.find(({ field }: { field: string }) => field === 'phone').level).toBe('equal');
  });
});

describe('merges over HTTP', () => {
  test('are listed, shown, placed and undone', async () => {
    await put(aPatient('s'));
    await put(aPatient('t'));
    const preview = await call('POST', '/merge', { source: 's', target: 't', preview: true });
    expect(preview.body.moves).toEqual({});
    const { body: made } = await call('POST', '/merge', { source: 's', target: 't', reason: 'Same card' });
    await put({ resourceType: 'Condition', id: 'later', subject: { reference: 'Patient/t' } } as never);
    const { body: plan } = await call('GET', `/merge/${made.merge}/unmerge`);
    expect(plan).toMatchObject({ counts: { undecided: { Condition: 1 } }, isMore: false });
    expect((await call('POST', `/merge/${made.merge}/unmerge`, { reason: 'Two' })).status).toBe(422);
    const placed = await call('POST', `/merge/${made.merge}/placements`, {
      placements: [{ resource: 'Condition/later', to: 'source' }],
    });
    expect(placed.body.counts).toEqual({ moved: { Condition: 1 } });
    const undone = await call('POST', `/merge/${made.merge}/unmerge`, { reason: 'Two' });
    expect([undone.status, undone.body.unmerged.reason]).toEqual([200, 'Two']);
    expect((await server.get('/Condition/later')).body.subject.reference).toBe('Patient/s');
    const { body: list } = await call('GET', '/merge?patient=s');
    expect(list.merges.map(({ merge }: { merge: number }) => merge)).toEqual([made.merge]);
  });

  test.each([
    ['POST', '/merge', { source: 's', target: 't' }, 400],
    ['POST', '/merge', { source: 's', target: 5, reason: 'x' }, 400],
    ['POST', '/merge', { source: 's', target: 't', reason: 'x'.repeat(1001) }, 413],
    ['GET', '/merge/abc', undefined, 400],
    ['GET', '/merge/999999', undefined, 404],
    ['GET', '/merge/999999/unmerge', undefined, 404],
    ['POST', '/merge/1/placements', { placements: 'all' }, 400],
    ['GET', '/review?state=all', undefined, 400],
    ['GET', '/review?after=1;drop', undefined, 400],
    ['GET', '/review/999999', undefined, 404],
    ['POST', '/review/999999/decision', { as: 'linked', reason: 'x' }, 400],
    ['POST', '/review/999999/decision', { as: 'different', reason: 'x' }, 404],
  ] as const)('%s %s with %j is refused with %i', async (method, url, body, status) => {
    expect((await call(method, url, body)).status).toBe(status);
  });
});
