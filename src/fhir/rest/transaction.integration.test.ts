import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

const transaction = (...entry: unknown[]) => ({ resourceType: 'Bundle', type: 'transaction', entry });
const post = (resource: { resourceType: string }, more: object = {}) => ({
  resource,
  request: { method: 'POST', url: resource.resourceType, ...more },
});
const put = (resource: { resourceType: string; id: string }) => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
});
const observation = (reference: string) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference },
});

describe('a transaction', () => {
  test('resolves references between its entries', async () => {
    const person = 'urn:uuid:0a000000-0000-4000-8000-000000000001';
    const { status, body } = await server.send(
      'POST',
      '',
      transaction(post(observation(person)), { fullUrl: person, ...post({ resourceType: 'Patient' }) }),
    );
    expect(status).toBe(200);
    const [observed, created] = body.entry.map((entry: { response: { location: string } }) => entry.response.location);
    const stored = await server.get(`/${observed.replace(/\/_history.*/, '')}`);
    expect(stored.body.subject.reference).toBe(created.replace(/\/_history.*/, ''));
  });

  test('resolves conditional references, and fails when nothing matches', async () => {
    const identifier = [{ system: 'urn:test', value: 'p1' }];
    await server.send('PUT', '/Practitioner/p1', { resourceType: 'Practitioner', id: 'p1', identifier });
    const entry = (value: string) =>
      post({
        ...observation('Patient/1'),
        performer: [{ reference: `Practitioner?identifier=urn:test|${value}` }],
      } as never);
    const good = await server.send('POST', '', transaction(entry('p1')), { prefer: 'return=representation' });
    expect(good.body.entry[0].resource.performer[0].reference).toBe('Practitioner/p1');
    const bad = await server.send('POST', '', transaction(entry('nobody')));
    expect(bad.status).toBe(422);
  });

  test('stores nothing when one entry is bad, and names the entry', async () => {
    const { status, body } = await server.send(
      'POST',
      '',
      transaction(
        put({ resourceType: 'Patient', id: 'atomic' }),
        post({ resourceType: 'Patient', birthDate: '2023-02-30' } as never),
      ),
    );
    expect(status).toBe(400);
    expect(body.issue[0].expression[0]).toContain('Bundle.entry[1].resource');
    expect((await server.get('/Patient/atomic')).status).toBe(404);
  });

  test('stores nothing when a version has changed meanwhile', async () => {
    await server.send('PUT', '/Patient/guarded', { resourceType: 'Patient', id: 'guarded' });
    const guarded = { resourceType: 'Patient', id: 'guarded', active: true };
    const { status } = await server.send(
      'POST',
      '',
      transaction(put({ resourceType: 'Patient', id: 'unguarded' }), {
        resource: guarded,
        request: { method: 'PUT', url: 'Patient/guarded', ifMatch: 'W/"7"' },
      }),
    );
    expect(status).toBe(412);
    expect((await server.get('/Patient/unguarded')).status).toBe(404);
  });

  test('refuses the same resource twice', async () => {
    const twice = put({ resourceType: 'Patient', id: 'twice' });
    expect((await server.send('POST', '', transaction(twice, twice))).status).toBe(400);
  });

  test('creates once under ifNoneExist, also when many run at the same time', async () => {
    const entry = post({ resourceType: 'Organization', identifier: [{ system: 'urn:test', value: 'o1' }] } as never, {
      ifNoneExist: 'identifier=urn:test|o1',
    });
    const answers = await Promise.all(Array.from({ length: 6 }, () => server.send('POST', '', transaction(entry))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await server.get('/Organization?identifier=urn:test|o1&_total=accurate')).body.total).toBe(1);
  });

  test('does not deadlock with others that write the same resources in another order', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `shared-${index}`);
    const bundle = (round: number) => {
      const order = round % 2 === 0 ? ids : ids.toReversed();
      return transaction(
        ...order.map((id) => put({ resourceType: 'Patient', id, name: [{ family: `Round ${round}` }] } as never)),
        post(observation(`Patient/unknown-${round % 3}`)),
      );
    };
    const answers = await Promise.all(Array.from({ length: 16 }, (_, round) => server.send('POST', '', bundle(round))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200));
    for (const id of ids) {
      const { total, entry } = (await server.get(`/Patient/${id}/_history`)).body;
      expect([total, entry.length]).toEqual([16, 16]);
    }
  });

  test('creates once when two entries have the same condition, and lets references to either find it', async () => {
    const identifier = [{ system: 'urn:test', value: 'same' }];
    const entry = (fullUrl: string) => ({
      fullUrl,
      ...post({ resourceType: 'Organization', identifier } as never, { ifNoneExist: 'identifier=urn:test|same' }),
    });
    const [first, second] = [
      'urn:uuid:0a000000-0000-4000-8000-00000000000a',
      'urn:uuid:0a000000-0000-4000-8000-00000000000b',
    ];
    const referring = { ...observation('Patient/1'), performer: [{ reference: first }, { reference: second }] };
    const { status, body } = await server.send(
      'POST',
      '',
      transaction(entry(first as string), entry(second as string), post(referring)),
      { prefer: 'return=representation' },
    );
    expect([status, body.entry[0].response.status, body.entry[1].response.status]).toEqual([
      200,
      '201 Created',
      '200 OK',
    ]);
    expect(body.entry[1].response.location).toBe(body.entry[0].response.location);
    const [one, other] = body.entry[2].resource.performer;
    expect(one.reference).toBe(other.reference);
    expect((await server.get('/Organization?identifier=urn:test|same&_total=accurate')).body.total).toBe(1);
  });

  test('deletes before it looks for what meets a condition', async () => {
    const identifier = [{ system: 'urn:test', value: 'renewed' }];
    await server.send('PUT', '/Organization/old', { resourceType: 'Organization', id: 'old', identifier });
    const { body } = await server.send(
      'POST',
      '',
      transaction(
        post({ resourceType: 'Organization', identifier } as never, { ifNoneExist: 'identifier=urn:test|renewed' }),
        { request: { method: 'DELETE', url: 'Organization/old' } },
      ),
    );
    expect(body.entry.map((entry: { response: { status: string } }) => entry.response.status)).toEqual([
      '201 Created',
      '204 No Content',
    ]);
    const { entry } = (await server.get('/Organization?identifier=urn:test|renewed')).body;
    expect(entry).toHaveLength(1);
    expect(entry[0].resource.id).not.toBe('old');
  });

  test('refuses two entries that mean the same resource by different ways', async () => {
    const identifier = [{ system: 'urn:test', value: 'overlap' }];
    const resource = { resourceType: 'Organization', id: 'overlap', identifier };
    await server.send('PUT', '/Organization/overlap', resource);
    const byCondition = { resource, request: { method: 'PUT', url: 'Organization?identifier=urn:test|overlap' } };
    const removal = (url: string) => ({ request: { method: 'DELETE', url } });
    for (const [one, other] of [
      [put(resource), byCondition],
      [byCondition, byCondition],
      [put(resource), removal('Organization/overlap')],
      [removal('Organization?identifier=urn:test|overlap'), removal('Organization/overlap')],
      [byCondition, removal('Organization?identifier=urn:test|overlap')],
    ]) {
      const { status, body } = await server.send('POST', '', transaction(one, other));
      expect([status, body.issue[0].code]).toEqual([400, 'invalid']);
    }
    expect((await server.get('/Organization/overlap')).body.meta.versionId).toBe('1');
  });

  test('resolves references relative to a fullUrl, circular ones, and keeps those to versions', async () => {
    const base = 'https://elsewhere.example/fhir';
    const link = (reference: string) => [{ other: { reference }, type: 'seealso' }];
    const { body } = await server.send(
      'POST',
      '',
      transaction(
        { fullUrl: `${base}/Patient/a`, ...post({ resourceType: 'Patient', link: link('Patient/b') } as never) },
        {
          fullUrl: `${base}/Patient/b`,
          ...post({ resourceType: 'Patient', link: link(`${base}/Patient/a`) } as never),
        },
        post(observation('Patient/a')),
        post(observation('Patient/kept/_history/2')),
      ),
      { prefer: 'return=representation' },
    );
    const [a, b, outside, versioned] = body.entry.map((entry: { resource: unknown }) => entry.resource);
    expect([a.link[0].other.reference, b.link[0].other.reference]).toEqual([`Patient/${b.id}`, `Patient/${a.id}`]);
    expect(outside.subject.reference).toBe('Patient/a');
    expect(versioned.subject.reference).toBe('Patient/kept/_history/2');
  });

  test('lets a conditional reference mean what the Bundle itself creates under that condition', async () => {
    const identifier = [{ system: 'urn:test', value: 'inside' }];
    const ifNoneExist = 'identifier=urn:test|inside';
    const { body } = await server.send(
      'POST',
      '',
      transaction(
        post(observation('Patient?identifier=urn%3Atest%7Cinside')),
        post({ resourceType: 'Patient', identifier } as never, { ifNoneExist }),
      ),
      { prefer: 'return=representation' },
    );
    expect(body.entry[0].resource.subject.reference).toBe(`Patient/${body.entry[1].resource.id}`);
  });

  test('does not end with half of its locks when one patches and another writes the same resources', async () => {
    const ids = ['crossing-1', 'crossing-2', 'crossing-3'];
    await server.send('POST', '', transaction(...ids.map((id) => put({ resourceType: 'Patient', id }))));
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'replace' },
            { name: 'path', valueString: 'Patient.active' },
            { name: 'value', valueBoolean: true },
          ],
        },
      ],
    };
    const patches = (order: string[]) =>
      transaction(...order.map((id) => ({ resource: parameters, request: { method: 'PATCH', url: `Patient/${id}` } })));
    const puts = (active: boolean, order: string[]) =>
      transaction(...order.map((id) => put({ resourceType: 'Patient', id, active } as never)));
    await server.send('POST', '', puts(false, ids));
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, round) =>
        server.send('POST', '', round % 3 === 0 ? puts(round % 2 === 0, ids.toReversed()) : patches(ids.toReversed())),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
  });

  test('brings deleted resources back by PUT, many at once, and goes on counting their versions', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `back-${index}`);
    const puts = transaction(...ids.map((id) => put({ resourceType: 'Patient', id })));
    const deletions = transaction(...ids.map((id) => ({ request: { method: 'DELETE', url: `Patient/${id}` } })));
    for (const bundle of [puts, deletions]) expect((await server.send('POST', '', bundle)).status).toBe(200);
    const again = await Promise.all([1, 2, 3].map(() => server.send('POST', '', puts)));
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await server.get('/Patient/back-7')).body.meta.versionId).toBe('3');
    expect((await server.get('/Patient/back-7/_history')).body.total).toBe(3);
  });

  test('reads after it has written', async () => {
    const { body } = await server.send(
      'POST',
      '',
      transaction(
        { request: { method: 'GET', url: 'Patient/written' } },
        { request: { method: 'GET', url: 'Patient?_id=written' } },
        { request: { method: 'GET', url: 'Patient/written/_history' } },
        { request: { method: 'GET', url: 'Patient/_history?_count=1' } },
        put({ resourceType: 'Patient', id: 'written' }),
      ),
    );
    expect(body.entry[0].resource.id).toBe('written');
    expect(body.entry[1].resource.entry).toHaveLength(1);
    for (const { resource } of body.entry.slice(2, 4)) {
      expect([resource.type, resource.entry[0].resource.id]).toEqual(['history', 'written']);
    }
  });
});

describe('a batch', () => {
  test('commits what follows each other together, and each resource in the order of its entries', async () => {
    const creates = Array.from({ length: 60 }, (_, index) =>
      post({ resourceType: 'Patient', name: [{ family: `Gathered${index % 2}` }] } as never),
    );
    const numbered = (number: number) =>
      put({ resourceType: 'Patient', id: 'row', multipleBirthInteger: number } as never);
    const read = { request: { method: 'GET', url: 'Patient/row' } };
    const bad = post({ resourceType: 'Patient', birthDate: 'x' } as never);
    const gone = { request: { method: 'DELETE', url: 'Patient/row' } };
    const entry = [...creates, numbered(1), numbered(2), bad, read, numbered(3), read, gone, read];
    const { body } = await server.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    const codes = body.entry.map(({ response }: { response: { status: string } }) => response.status.slice(0, 3));
    expect(codes.slice(60)).toEqual(['201', '200', '400', '200', '200', '200', '204', '410']);
    expect(new Set(codes.slice(0, 60))).toEqual(new Set(['201']));
    expect([body.entry[63], body.entry[65]].map(({ resource }) => resource.multipleBirthInteger)).toEqual([2, 3]);
    const { rows } = await server.context.pool.query(
      `select count(distinct xmin::text)::int as count from fhir.resource where content like '%Gathered%'`,
    );
    expect(rows[0].count).toBeLessThan(10);
  });

  test('answers for each entry apart', async () => {
    const { status, body } = await server.send('POST', '', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        put({ resourceType: 'Patient', id: 'batch-1' }),
        { request: { method: 'GET', url: 'Patient/never' } },
        { request: { method: 'GET', url: 'Nonsense/1' } },
        post({ resourceType: 'Patient', unknown: 1 } as never),
        { request: { method: 'GET', url: 'Patient/batch-1' } },
      ],
    });
    expect(status).toBe(200);
    const codes = body.entry.map((entry: { response: { status: string } }) => entry.response.status.slice(0, 3));
    expect(codes).toEqual(['201', '404', '404', '400', '200']);
    expect(body.entry[1].response.outcome.issue[0].code).toBe('not-found');
  });
});
