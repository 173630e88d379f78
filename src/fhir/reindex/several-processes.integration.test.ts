import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker } from '#lib/jobs/index.ts';
import { createPool, inTransaction } from '#lib/postgres/pool.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { compareWithFreshIndex } from '#testing/fresh-index.ts';
import { until } from '#testing/until.ts';
import { createFhir, type Fhir } from '../assemble.ts';

let server: TestServer;
const children: ChildProcess[] = [];
const others: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const stop of others) await stop();
  await server.stop();
});

/** What another server process has of its own: its pools, and what it knows. */
function startOther(): Fhir {
  const pool = createPool(server.connectionString, { max: 4, applicationName: 'other' });
  const sidePool = createPool(server.connectionString, { max: 2, applicationName: 'other side' });
  others.push(async () => {
    await Promise.all([pool.end(), sidePool.end()]);
  });
  return createFhir({ pool, sidePool, baseUrl: 'http://127.0.0.1/fhir', now: Date.now });
}

const parameter = (code: string, expression: string, base = 'Patient') => ({
  ...{
    resourceType: 'SearchParameter',
    id: code,
    url: `urn:p:${code}`,
    name: 'P',
    status: 'active',
    description: code,
  },
  ...{ code, base: [base], type: 'token', expression },
});

const define = async (code: string, expression: string, base?: string) => {
  const { status, text } = await server.send('PUT', `/SearchParameter/${code}`, parameter(code, expression, base));
  expect(status, text).toBe(201);
};

const written = (id: string, code: string) => ({
  type: 'Patient',
  id,
  method: 2 as const,
  resource: {
    resourceType: 'Patient',
    id,
    maritalStatus: { coding: [{ system: 'urn:l', code }] },
  },
});

const isActive = (code: string) =>
  until(
    `${code} is answered`,
    async () => (await server.get(`/Patient?${code}:missing=true`, { prefer: 'handling=strict' })).status === 200,
    20_000,
  );

const total = async (query: string) => {
  const { body, text } = await server.get(`${query}&_summary=count`, { prefer: 'handling=strict' });
  expect(body.total, text).toBeDefined();
  return body.total;
};

test('what a process writes that has not heard of a parameter is found by it all the same', async () => {
  const stale = startOther();
  await stale.store.commit([written('known', 'de')]);
  await define('status', 'Patient.maritalStatus');
  // It last looked before the parameter was there, and does not search.
  await stale.store.commit([written('alone', 'de')]);
  await inTransaction(stale.pool, (transaction) => stale.store.write(transaction, [written('together', 'de')]));
  const { pool, jobs, tasks } = server.context;
  const worker = startWorker({ pool, jobs, tasks, pollMs: 20 });
  await isActive('status');
  await stale.store.commit([written('later', 'de')]);
  expect(await total('/Patient?status=de')).toBe(4);
  await stale.store.commit([written('known', 'fr')]);
  expect(await total('/Patient?status=de')).toBe(3);
  expect(
    (
      await stale.search.search({
        type: 'Patient',
        parameters: [['status', 'fr']],
        handling: 'strict',
        restriction: undefined,
      })
    ).matches,
  ).toHaveLength(1);
  expect(await compareWithFreshIndex(pool)).toEqual([]);
  await worker.stop();
});

test('indexing waits for a write that began before the parameter was there and ends long after', async () => {
  const { pool, jobs, tasks } = server.context;
  const stale = startOther();
  let worker: ReturnType<typeof startWorker> | undefined;
  await inTransaction(stale.pool, async (transaction) => {
    await stale.store.write(transaction, [written('slow', 'it')]);
    await define('slowly', 'Patient.maritalStatus');
    worker = startWorker({ pool, jobs, tasks, pollMs: 20 });
    await sleep(600);
    const { status, text } = await server.get('/Patient?slowly=it', { prefer: 'handling=strict' });
    expect(status).toBe(400);
    expect(text).toContain('is being indexed (0 %)');
    const lenient = await server.get('/Patient?slowly=it');
    expect(lenient.status).toBe(200);
    expect(lenient.text).toContain('is being indexed');
  });
  await isActive('slowly');
  expect(await total('/Patient?slowly=it')).toBe(1);
  await worker?.stop();
});

test('while many write, parameters come and go, and the index is what it should be in the end', async () => {
  const { pool, jobs, tasks } = server.context;
  const writers = [startOther(), startOther(), server.context];
  const worker = startWorker({ pool, jobs, tasks, pollMs: 20 });
  const codes = ['de', 'fr', 'it', 'zh'];
  let isDone = false;
  const write = async ({ store, pool: own }: Pick<Fhir, 'store' | 'pool'>, seed: number) => {
    for (let number = seed; !isDone; number += 1) {
      const of = (step: number) => written(`w${(number * 7 + step) % 40}`, codes[(number + step) % 4] ?? '');
      if (number % 3 === 0) await store.commit([of(0)]);
      else if (number % 3 === 1)
        await inTransaction(own, (transaction) => store.write(transaction, [of(0), of(1), of(2)]), {
          retryUniqueViolation: true,
        });
      else await store.commit([{ type: 'Patient', id: of(0).id, method: 3 }]);
    }
  };
  const writing = writers.map(write);
  for (let round = 0; round < 3; round += 1) {
    await define(`r${round}`, 'Patient.maritalStatus');
    await isActive(`r${round}`);
    await sleep(300);
    if (round < 2) await server.send('DELETE', `/SearchParameter/r${round}`);
  }
  isDone = true;
  await Promise.all(writing);
  await until('the others are removed', async () => {
    const { rows } = await pool.query("select from fhir.search_parameter where state <> 'active'");
    return rows.length === 0;
  });
  expect(await compareWithFreshIndex(pool)).toEqual([]);
  await worker.stop();
});

async function startProcess(): Promise<ChildProcess> {
  const program = new URL('../../testing/index-jobs.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, server.connectionString], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

test('a killed process is replaced, and indexing goes on where it was', async () => {
  const { store, pool } = server.context;
  const count = 6000;
  for (let from = 0; from < count; from += 1000) {
    await store.commit(
      Array.from({ length: 1000 }, (_, index) => ({
        ...{ type: 'Basic', id: `b${from + index}`, method: 2 as const },
        resource: { resourceType: 'Basic', id: `b${from + index}`, code: { text: 'x' }, language: 'en' },
      })),
    );
  }
  const first = await startProcess();
  await define('tongue', 'Basic.language', 'Basic');
  const percent = async () => {
    const { rows } = await pool.query("select percent from fhir.search_parameter where id = 'tongue'");
    return rows[0]?.percent as number;
  };
  await until('some of it is indexed', async () => (await percent()) > 10);
  first.kill('SIGKILL');
  const reached = await percent();
  expect(reached).toBeLessThan(100);
  await startProcess();
  const { status } = await until(
    'it is answered',
    async () => {
      const answer = await server.get('/Basic?tongue=en&_summary=count', { prefer: 'handling=strict' });
      return answer.status === 200 && answer;
    },
    20_000,
  );
  expect(status).toBe(200);
  const [job] = await server.context.jobs.list('fhir.index-parameter', 1);
  expect(job?.result).toEqual({ resources: count, isComplete: true });
  expect(await total('/Basic?tongue=en')).toBe(count);
});

test('a rebuild goes on after its process was killed', async () => {
  const { pool } = server.context;
  await pool.query('delete from fhir.token where rid % 2 = 0');
  const started = await server.send('POST', '/$reindex');
  const id = started.headers['content-location']?.slice(-36) ?? '';
  const read = () => server.context.jobs.read('fhir.rebuild-index', id);
  await until('some of it is done', async () => ((await read())?.progress?.resources ?? 0) > 1000, 20_000);
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await startProcess();
  await until('it is done', async () => (await read())?.result, 30_000);
  expect((await read())?.result?.resources).toBeGreaterThanOrEqual(6000);
  expect(await compareWithFreshIndex(pool)).toEqual([]);
});
