import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

const patient = (family: string) => ({ resourceType: 'Patient', name: [{ family }] });

describe('POST /[type]', () => {
  test('answers 201 with the place, the ETag and the resource', async () => {
    const { status, headers, body } = await server.send('POST', '/Patient', patient('Created'));
    expect(status).toBe(201);
    expect(headers.location).toBe(`http://127.0.0.1/fhir/Patient/${body.id}/_history/1`);
    expect(headers.etag).toBe('W/"1"');
    expect(body.meta.versionId).toBe('1');
    expect(body.name).toEqual([{ family: 'Created' }]);
  });

  test('draws an id of its own, whatever the body says', async () => {
    const { body } = await server.send('POST', '/Patient', { ...patient('OwnId'), id: 'mine' });
    expect(body.id).not.toBe('mine');
  });

  test('returns nothing under Prefer: return=minimal', async () => {
    const answer = await server.send('POST', '/Patient', patient('Minimal'), { prefer: 'return=minimal' });
    expect(answer.status).toBe(201);
    expect(answer.text).toBe('');
  });

  test('keeps every digit of a decimal', async () => {
    const text = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00}}';
    const { body } = await server.send('POST', '/Observation', text);
    const read = await server.get(`/Observation/${body.id}`);
    expect(read.text).toContain('"value":1.00}');
    const pretty = await server.get(`/Observation/${body.id}?_pretty=true`);
    expect(pretty.text).toContain('    "value": 1.00\n');
  });

  test('creates once under If-None-Exist, also when asked by many at the same time', async () => {
    const person = { ...patient('Once'), identifier: [{ system: 'urn:test', value: 'once' }] };
    const condition = { 'if-none-exist': 'identifier=urn:test|once' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.send('POST', '/Patient', person, condition)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    const found = await server.get('/Patient?identifier=urn:test|once&_total=accurate');
    expect(found.body.total).toBe(1);
  });
});

describe('PUT /[type]/[id]', () => {
  test('creates what does not exist, and then makes versions', async () => {
    const first = await server.send('PUT', '/Patient/put-1', { ...patient('First'), id: 'put-1' });
    expect(first.status).toBe(201);
    const second = await server.send('PUT', '/Patient/put-1', { ...patient('Second'), id: 'put-1' });
    expect([second.status, second.headers.etag]).toEqual([200, 'W/"2"']);
    const old = await server.get('/Patient/put-1/_history/1');
    expect(old.body.name[0].family).toBe('First');
  });

  test('makes no version when nothing changes', async () => {
    await server.send('PUT', '/Patient/put-2', { ...patient('Same'), id: 'put-2' });
    const again = await server.send('PUT', '/Patient/put-2', { ...patient('Same'), id: 'put-2' });
    expect([again.status, again.headers.etag]).toEqual([200, 'W/"1"']);
  });

  test('refuses a version that is not current', async () => {
    await server.send('PUT', '/Patient/put-3', { ...patient('A'), id: 'put-3' });
    await server.send('PUT', '/Patient/put-3', { ...patient('B'), id: 'put-3' });
    const lost = await server.send('PUT', '/Patient/put-3', { ...patient('C'), id: 'put-3' }, { 'if-match': 'W/"1"' });
    expect(lost.status).toBe(412);
    expect(lost.body.issue[0].code).toBe('conflict');
  });

  test('lets one of many updates of the same version win', async () => {
    await server.send('PUT', '/Patient/put-4', { ...patient('Start'), id: 'put-4' });
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        server.send('PUT', '/Patient/put-4', { ...patient(`Try ${index}`), id: 'put-4' }, { 'if-match': 'W/"1"' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(5);
  });

  test('creates one resource when many create the same id at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        server.send('PUT', '/Patient/put-5', { ...patient(`Try ${index}`), id: 'put-5' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const versions = (await server.get('/Patient/put-5/_history')).body.entry;
    expect(versions.map((entry: { response: { etag: string } }) => entry.response.etag)).toEqual(
      ['6', '5', '4', '3', '2', '1'].map((version) => `W/"${version}"`),
    );
  });

  test('finds the resource by its new values only', async () => {
    await server.send('PUT', '/Patient/put-6', { ...patient('Oldname'), id: 'put-6' });
    await server.send('PUT', '/Patient/put-6', { ...patient('Newname'), id: 'put-6' });
    expect((await server.get('/Patient?family=Oldname')).body.entry).toBeUndefined();
    expect((await server.get('/Patient?family=Newname')).body.entry).toHaveLength(1);
  });
});

describe('DELETE /[type]/[id]', () => {
  test('leaves 410, the history, and nothing to be found', async () => {
    await server.send('PUT', '/Patient/gone-1', { ...patient('Gone'), id: 'gone-1' });
    expect((await server.send('DELETE', '/Patient/gone-1')).status).toBe(204);
    expect((await server.get('/Patient/gone-1')).status).toBe(410);
    expect((await server.get('/Patient/gone-1/_history/1')).status).toBe(200);
    expect((await server.get('/Patient?family=Gone')).body.entry).toBeUndefined();
    expect((await server.send('DELETE', '/Patient/gone-1')).status).toBe(204);
  });

  test('can be undone by an update', async () => {
    await server.send('PUT', '/Patient/gone-2', { ...patient('Back'), id: 'gone-2' });
    await server.send('DELETE', '/Patient/gone-2');
    const back = await server.send('PUT', '/Patient/gone-2', { ...patient('Back'), id: 'gone-2' });
    expect([back.status, back.headers.etag]).toEqual([201, 'W/"3"']);
    expect((await server.get('/Patient?family=Back')).body.entry).toHaveLength(1);
  });

  test('refuses a condition that matches more than one', async () => {
    await server.send('POST', '/Patient', patient('Twice'));
    await server.send('POST', '/Patient', patient('Twice'));
    expect((await server.send('DELETE', '/Patient?family=Twice')).status).toBe(412);
  });
});

describe('GET', () => {
  test('is kept by no browser and no proxy, and taken for nothing else than it is', async () => {
    const { body } = await server.send('POST', '/Patient', patient('Discreet'));
    for (const url of [`/Patient/${body.id}`, '/Patient?family=Discreet', '/Patient/absent', '/Nothing', '/metadata']) {
      const { headers } = await server.get(url);
      expect([url, headers['cache-control'], headers['x-content-type-options']]).toEqual([url, 'no-store', 'nosniff']);
    }
  });

  test('answers 304 to the current ETag', async () => {
    await server.send('PUT', '/Patient/etag-1', { ...patient('Etag'), id: 'etag-1' });
    const answer = await server.get('/Patient/etag-1', { 'if-none-match': 'W/"1"' });
    expect([answer.status, answer.text]).toEqual([304, '']);
  });

  test('answers 404 to an id that never was, and to one that is only referred to', async () => {
    await server.send('POST', '/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/only-referred' },
    });
    for (const id of ['never', 'only-referred']) {
      const { status, body } = await server.get(`/Patient/${id}`);
      expect([status, body.issue[0].code]).toEqual([404, 'not-found']);
    }
  });

  test('finds by a reference whose target came later', async () => {
    await server.send('POST', '/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/later' },
    });
    await server.send('PUT', '/Patient/later', { ...patient('Later'), id: 'later' });
    expect((await server.get('/Observation?patient=later')).body.entry).toHaveLength(1);
    expect((await server.get('/Observation?patient.family=Later')).body.entry).toHaveLength(1);
  });

  test('lists the history of a type and of the system, newest first, page by page', async () => {
    for (const family of ['H1', 'H2', 'H3']) {
      await server.send('PUT', '/Basic/h', { resourceType: 'Basic', id: 'h', code: { text: family } });
    }
    const first = (await server.get('/Basic/_history?_count=2')).body;
    const versions = (entries: { response: { etag: string } }[]) => entries.map(({ response }) => response.etag);
    expect(versions(first.entry)).toEqual(['W/"3"', 'W/"2"']);
    const next = first.link.find((link: { relation: string }) => link.relation === 'next').url;
    const second = (await server.get(next.replace('http://127.0.0.1/fhir', ''))).body;
    expect(versions(second.entry)).toEqual(['W/"1"']);
    expect((await server.get('/_history?_count=1')).body.entry[0].resource.id).toBe('h');
  });
});
