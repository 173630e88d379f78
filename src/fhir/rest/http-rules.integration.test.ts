import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestAnswer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.send('PUT', '/Patient/rules', {
    resourceType: 'Patient',
    id: 'rules',
    active: true,
    name: [{ family: 'Rules' }],
    birthDate: '1980-01-01',
    photo: [{ title: 'x' }],
  });
});

afterAll(async () => {
  await server.stop();
});

const strict = { prefer: 'handling=strict' };

function expectOutcome({ status, body, text }: TestAnswer, expected: number): void {
  expect(status, text.slice(0, 300)).toBe(expected);
  expect(body.resourceType).toBe('OperationOutcome');
}

describe('If-None-Match of a write', () => {
  const one = { resourceType: 'Patient', id: 'only-once' };

  test('lets an update create, but change nothing that is there', async () => {
    expect((await server.send('PUT', '/Patient/only-once', one, { 'if-none-match': '*' })).status).toBe(201);
    const second = { ...one, active: true };
    expectOutcome(await server.send('PUT', '/Patient/only-once', second, { 'if-none-match': '*' }), 412);
    expect((await server.get('/Patient/only-once')).body.active).toBeUndefined();
    await server.send('DELETE', '/Patient/only-once');
    expect((await server.send('PUT', '/Patient/only-once', second, { 'if-none-match': '*' })).status).toBe(201);
  });

  test('holds in a transaction', async () => {
    const entry = [
      { resource: { resourceType: 'Patient', id: 'beside' }, request: { method: 'PUT', url: 'Patient/beside' } },
      {
        resource: { resourceType: 'Patient', id: 'rules' },
        request: { method: 'PUT', url: 'Patient/rules', ifNoneMatch: '*' },
      },
    ];
    expectOutcome(await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }), 412);
    expectOutcome(await server.get('/Patient/beside'), 404);
  });

  test('is refused where it says anything else', async () => {
    expectOutcome(await server.send('PUT', '/Patient/only-once', one, { 'if-none-match': 'W/"1"' }), 400);
    expectOutcome(await server.send('DELETE', '/Patient/only-once', undefined, { 'if-none-match': '*' }), 400);
  });
});

describe('parts of a resource', () => {
  test('are read by _elements and _summary as they are searched', async () => {
    const { body } = await server.get('/Patient/rules?_elements=birthDate');
    expect(Object.keys(body).sort()).toEqual(['birthDate', 'id', 'meta', 'resourceType']);
    expect(body.meta.tag[0].code).toBe('SUBSETTED');
    expect((await server.get('/Patient/rules?_summary=true')).body.photo).toBeUndefined();
    expect((await server.get('/Patient/rules/_history/1?_elements=name')).body.birthDate).toBeUndefined();
    expect((await server.get('/Patient/rules?_summary=false')).body.photo).toHaveLength(1);
  });

  test('are refused where a mode is none, or is for searches', async () => {
    expectOutcome(await server.get('/Patient/rules?_summary=some'), 400);
    expectOutcome(await server.get('/Patient/rules?_summary=count'), 400);
    expectOutcome(await server.get('/Patient/rules?_elements='), 400);
  });
});

describe('parameters that mean nothing', () => {
  test('are refused when handling is strict, and change nothing', async () => {
    const body = { resourceType: 'Patient', id: 'rules', active: false };
    expectOutcome(await server.get('/Patient/rules?nonsense=1', strict), 400);
    expectOutcome(await server.send('PUT', '/Patient/rules?nonsense=1', body, strict), 400);
    expectOutcome(await server.send('POST', '/Patient?nonsense=1', body, strict), 400);
    expectOutcome(await server.send('DELETE', '/Patient/rules?nonsense=1', undefined, strict), 400);
    expectOutcome(await server.get('/Patient/rules/$meta?nonsense=1', strict), 400);
    expectOutcome(
      await server.get('/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&x=1', strict),
      400,
    );
    expect((await server.get('/Patient/rules', strict)).body.meta.versionId).toBe('1');
  });

  test('such as _format and _pretty are no part of a condition', async () => {
    const body = { resourceType: 'Patient', identifier: [{ value: 'formatted' }] };
    const address = '/Patient?identifier=formatted&_format=json&_pretty=true';
    expect((await server.send('PUT', address, body)).status).toBe(201);
    expect((await server.send('PUT', address, { ...body, active: true })).status).toBe(200);
    expect((await server.send('DELETE', address)).status).toBe(204);
  });
});

describe('what this server does not speak', () => {
  test('is refused with 406 when it is asked for', async () => {
    expectOutcome(await server.get('/Patient/rules?_format=xml'), 406);
    expectOutcome(await server.get('/Patient/rules', { accept: 'application/fhir+xml' }), 406);
    expectOutcome(await server.get('/Patient/rules', { accept: 'application/fhir+json; fhirVersion=5.0' }), 406);
    expect((await server.get('/Patient/rules', { accept: 'application/fhir+json; fhirVersion=4.0' })).status).toBe(200);
    expect((await server.get('/Patient/rules', { accept: '' })).status).toBe(200);
  });

  test('is refused with 415 when it is sent', async () => {
    const bytes = gzipSync('{"resourceType":"Patient"}').toString('latin1');
    expectOutcome(await server.send('POST', '/Patient', bytes, { 'content-encoding': 'gzip' }), 415);
    const other = { 'content-type': 'application/fhir+json; fhirVersion=5.0' };
    expectOutcome(await server.send('POST', '/Patient', { resourceType: 'Patient' }, other), 415);
    expectOutcome(await server.send('POST', '/Patient/_search', { name: 'Rules' }), 415);
  });
});

describe('an address', () => {
  test('with broken percent signs, or bytes that are no UTF-8, is refused', async () => {
    for (const address of ['/Patient?name=%zz', '/Patient?name=%ff', '/Patient?%=1', '/_history?_count=%e4%b8']) {
      expectOutcome(await server.get(address), 400);
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expectOutcome(await server.send('POST', '/Patient/_search', 'name=%zz', form), 400);
    const batch = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: 'Patient?name=%zz' } }],
    };
    expect((await server.send('POST', '', batch)).body.entry[0].response.status).toBe('400');
  });

  test('that leads nowhere is answered in FHIR, however long it is', async () => {
    for (const address of ['/Patient/rules/_history/1/', '/Patient/rules/_history/1/$meta', '/a/b/c/d/e/f']) {
      expectOutcome(await server.get(address), 404);
    }
    expectOutcome(await server.get('/_history/1'), 404);
  });
});
