import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestAnswer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

let keys = 0;
const newKey = () => ({ 'idempotency-key': `"key-${keys++}"` });
const patient = (family: string) => ({ resourceType: 'Patient', name: [{ family }] });
const bundle = (type: string, ...families: string[]) => ({
  resourceType: 'Bundle',
  type,
  entry: families.map((family) => ({ resource: patient(family), request: { method: 'POST', url: 'Patient' } })),
});

async function countOf(family: string): Promise<number> {
  return (await server.get(`/Patient?family=${family}&_summary=count`)).body.total;
}

const told = ({ status, headers: { location, etag }, text }: TestAnswer) => ({ status, location, etag, text });

describe('a request with an Idempotency-Key', () => {
  test('creates once, and is answered the same each time', async () => {
    const key = newKey();
    const first = await server.send('POST', '/Patient', patient('Once'), key);
    const second = await server.send('POST', '/Patient', patient('Once'), key);
    expect(first.status).toBe(201);
    expect(told(second)).toEqual(told(first));
    expect([first, second].map(({ headers }) => headers['idempotency-replayed'])).toEqual([undefined, 'true']);
    expect(await countOf('Once')).toBe(1);
  });

  test('gives all that come at the same time the one answer', async () => {
    const key = newKey();
    const body = bundle('transaction', 'Together', 'Together');
    const answers = await Promise.all(Array.from({ length: 12 }, () => server.send('POST', '', body, key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(await countOf('Together')).toBe(2);
  });

  test('is refused when the key came with another body, address or condition', async () => {
    const key = newKey();
    await server.send('POST', '/Patient', patient('Other'), key);
    const answers = [
      await server.send('POST', '/Patient', patient('Changed'), key),
      await server.send('POST', '/Patient?x=1', patient('Other'), key),
      await server.send('POST', '/Patient', patient('Other'), { ...key, 'if-none-exist': 'family=Other' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);
    expect(await countOf('Other')).toBe(1);
  });

  test('leaves no trace when it fails, and may be sent again', async () => {
    const key = newKey();
    const condition = { 'if-none-exist': 'family=Twin' };
    for (const _ of [1, 2]) await server.send('POST', '/Patient', patient('Twin'));
    const twice = await server.send('POST', '/Patient', patient('Twin'), { ...key, ...condition });
    expect(twice.status).toBe(412);
    await server.send('DELETE', '/Patient?family=Twin');
    for (const { resource } of (await server.get('/Patient?family=Twin')).body.entry) {
      await server.send('DELETE', `/Patient/${resource.id}`);
    }
    expect((await server.send('POST', '/Patient', patient('Twin'), { ...key, ...condition })).status).toBe(201);
  });

  test('finishes a batch that was broken off without repeating what it had created', async () => {
    const key = newKey();
    const body = bundle('batch', 'BatchA', 'BatchB', 'BatchC');
    const whole = await server.send('POST', '', body, key);
    expect(whole.status).toBe(200);
    // What a killed process leaves: two entries were committed, the answer to the batch was not.
    const { pool } = server.context;
    const name = key['idempotency-key'].slice(1, -1);
    await pool.query('delete from fhir.idempotency_key where key like any ($1)', [[`% ${name}`, `% ${name} 2`]]);
    const again = await server.send('POST', '', body, key);
    const locations = (answer: TestAnswer) =>
      answer.body.entry.map((entry: { response: { location: string } }) => entry.response.location);
    expect(locations(again).slice(0, 2)).toEqual(locations(whole).slice(0, 2));
    expect([await countOf('BatchA'), await countOf('BatchB'), await countOf('BatchC')]).toEqual([1, 1, 2]);
  });

  test('waits for its turn, however many batches hold a key at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => server.send('POST', '', bundle('batch', 'Crowd', 'Crowd'), newKey())),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await countOf('Crowd')).toBe(40);
  });

  test('runs an operation that changes something once', async () => {
    await server.send('PUT', '/Patient/tagged', { ...patient('Tagged'), id: 'tagged' });
    const meta = { tag: [{ system: 'urn:tags', code: 'once' }] };
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: meta }] };
    const key = newKey();
    const first = await server.send('POST', '/Patient/tagged/$meta-add', parameters, key);
    await server.send('POST', '/Patient/tagged/$meta-delete', parameters);
    const second = await server.send('POST', '/Patient/tagged/$meta-add', parameters, key);
    expect([first.status, second.status, second.headers['idempotency-replayed']]).toEqual([200, 200, 'true']);
    expect(second.text).toBe(first.text);
    expect((await server.get('/Patient/tagged')).body.meta.tag).toBeUndefined();
  });

  test('leaves connections to others, however often it is repeated while it waits', async () => {
    await server.send('PUT', '/Patient/slow', { ...patient('Slow'), id: 'slow' });
    const holder = await server.context.pool.connect();
    try {
      await holder.query('begin');
      await holder.query(`select from fhir.resource where id = 'slow' for update`);
      const key = newKey();
      const entry = [
        { resource: { ...patient('Slower'), id: 'slow' }, request: { method: 'PUT', url: 'Patient/slow' } },
      ];
      const body = { resourceType: 'Bundle', type: 'transaction', entry };
      const repeated = Promise.all(Array.from({ length: 30 }, () => server.send('POST', '', body, key)));
      await sleep(100);
      expect((await server.send('POST', '/Patient', patient('Beside'))).status).toBe(201);
      await holder.query('commit');
      expect(new Set((await repeated).map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    } finally {
      holder.release();
    }
    expect((await server.get('/Patient/slow')).body.meta.versionId).toBe('2');
  });

  test('is forgotten after a day', async () => {
    const key = newKey();
    await server.send('POST', '/Patient', patient('Daily'), key);
    const { pool, idempotency } = server.context;
    const name = key['idempotency-key'].slice(1, -1);
    const age = () =>
      pool.query('update fhir.idempotency_key set created = created - 86400000001 where key like $1', [`% ${name}`]);
    await age();
    const next = await server.send('POST', '/Patient', patient('Daily'), key);
    expect([next.status, next.headers['idempotency-replayed'], await countOf('Daily')]).toEqual([201, undefined, 2]);
    await age();
    const others = await pool.query('select from fhir.idempotency_key');
    await idempotency.removeExpired();
    const left = await pool.query('select from fhir.idempotency_key');
    expect(left.rowCount).toBe((others.rowCount ?? 0) - 1);
  });

  test.each(['', ' ', 'with space', 'ä', 'x'.repeat(256), '"'])('refuses the key "%s"', async (key) => {
    const { status } = await server.send('POST', '/Patient', patient('Bad'), { 'idempotency-key': key });
    expect([status, await countOf('Bad')]).toEqual([400, 0]);
  });
});
