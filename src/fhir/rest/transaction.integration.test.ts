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

  test('reads after it has written', async () => {
    const { body } = await server.send(
      'POST',
      '',
      transaction(
        { request: { method: 'GET', url: 'Patient/written' } },
        { request: { method: 'GET', url: 'Patient?_id=written' } },
        put({ resourceType: 'Patient', id: 'written' }),
      ),
    );
    expect(body.entry[0].resource.id).toBe('written');
    expect(body.entry[1].resource.entry).toHaveLength(1);
  });
});

describe('a batch', () => {
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
