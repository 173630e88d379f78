import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import type { Change } from './change.ts';
import { method } from './method.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

const create = (id: string): Change => ({
  type: 'Patient',
  id,
  method: method.post,
  resource: { resourceType: 'Patient', managingOrganization: { reference: 'Organization/nobody' } },
  isNew: true,
});
const update = (id: string, more: object = {}): Change => ({
  type: 'Patient',
  id,
  method: method.put,
  resource: { resourceType: 'Patient', id, ...more },
});
const commit = (change: Change) => server.context.store.commit([change]);

async function transactionsOf(prefix: string): Promise<number> {
  const { rows } = await server.context.pool.query<{ count: number }>(
    'select count(distinct xmin::text)::int as count from fhir.resource where id like $1',
    [`${prefix}%`],
  );
  return rows[0]?.count ?? 0;
}

test('creates that come together are committed in a few transactions', async () => {
  const outcomes = await Promise.all(Array.from({ length: 300 }, (_, index) => commit(create(`many-${index}`))));
  expect(outcomes.every(([outcome]) => outcome?.status === 'created' && outcome.version === 1)).toBe(true);
  expect(await transactionsOf('many-')).toBeLessThan(10);
});

test('one that cannot be written does not fail its neighbours', async () => {
  await commit(update('taken'));
  const ids = Array.from({ length: 40 }, (_, index) => (index === 17 ? 'taken' : `beside-${index}`));
  const results = await Promise.allSettled(ids.map((id) => commit(create(id))));
  expect(results.map(({ status }, index) => status === (index === 17 ? 'rejected' : 'fulfilled'))).not.toContain(false);
  expect((await server.get('/Patient/taken')).body.meta.versionId).toBe('1');
  expect((await server.get('/Patient/beside-39')).status).toBe(200);
});

test('one whose version has changed does not fail its neighbours', async () => {
  const changes = Array.from({ length: 20 }, (_, index) => update(`guarded-${index}`));
  await Promise.all(changes.map(commit));
  const guarded = changes.map((change, index) => ({
    ...update(change.id, { active: true }),
    expectedVersion: index === 3 ? 7 : 1,
  }));
  const results = await Promise.allSettled(guarded.map(commit));
  expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([3]);
  expect((await server.get('/Patient/guarded-3')).body.active).toBeUndefined();
});

test('changes of one resource are committed one by one, in the order in which they came', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, index) => commit(update('hot', { multipleBirthInteger: index }))),
  );
  expect(outcomes.map(([outcome]) => outcome?.version)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  expect((await server.get('/Patient/hot')).body.multipleBirthInteger).toBe(29);
});

test('a resource that others hold for long does not delay what comes with it', async () => {
  await commit(update('held'));
  const holder = await server.context.pool.connect();
  try {
    await holder.query('begin');
    await holder.query(`select from fhir.resource where id = 'held' for update`);
    let isDone = false;
    const held = commit(update('held', { active: true })).finally(() => {
      isDone = true;
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => commit(update(`free-${index}`))));
    await sleep(50);
    await Promise.all(Array.from({ length: 20 }, (_, index) => commit(update(`free-${index}`, { active: true }))));
    expect(isDone).toBe(false);
    await holder.query('commit');
    expect((await held)[0]).toMatchObject({ status: 'updated', version: 2 });
  } finally {
    holder.release();
  }
});
