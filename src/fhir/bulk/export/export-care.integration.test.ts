import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker, type Worker } from '#lib/jobs/index.ts';
import { createFolderStorage } from '#lib/object-storage/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { fullAccess, operatorAccess } from '../../access/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-care-'));
const keepSeconds = 4;
const eve = { reference: 'Device/eve', display: 'Eve', role: 'system', purpose: 'HOPERAT' };
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    authenticate: ({ headers }) => (headers['x-name'] === 'Eve' ? fullAccess(eve) : operatorAccess),
    bulk: {
      storage: createFolderStorage(folder),
      keepHours: keepSeconds / 3600,
      workFolder: folder,
      importSources: [],
    },
  });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const asynchronously = { prefer: 'respond-async' };

async function working<Result>(run: () => Promise<Result>): Promise<Result> {
  const { pool, jobs, tasks } = server.context;
  const worker: Worker = startWorker({ pool, jobs, tasks, pollMs: 50, leaseMs: 3000 });
  try {
    return await run();
  } finally {
    await worker.stop();
  }
}

async function start(address: string): Promise<string> {
  const { status, headers } = await server.get(address, asynchronously);
  expect(status).toBe(202);
  return headers['content-location']?.slice(-36) ?? '';
}

async function until(id: string, wanted: number) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const found = await server.get(`/$export-status/${id}`, { 'x-name': 'anybody' });
    if (found.status === wanted) return found;
    await sleep(50);
  }
  throw new Error(`${wanted} never comes`);
}

test('an export waits for a process that works, and says so', async () => {
  const id = await start('/$export?_type=Patient');
  expect((await until(id, 202)).headers['x-progress']).toBe('waiting');
  await working(() => until(id, 200));
});

test('files are gone when their time is over, though nobody asks', async () => {
  await server.send('PUT', '/Basic/1', { resourceType: 'Basic', id: '1', code: { text: 'x' } });
  const id = await start('/$export?_type=Basic');
  await working(async () => {
    const { headers } = await until(id, 200);
    expect(readdirSync(folder)).toContain(id);
    await until(id, 404);
    expect(Date.now()).toBeGreaterThanOrEqual(new Date(headers.expires ?? '').getTime());
    expect(readdirSync(folder)).not.toContain(id);
  });
});

test('an export that cannot be made says why', async () => {
  await server.send('PUT', '/Group/g', { resourceType: 'Group', id: 'g', type: 'person', actual: true });
  const id = await start('/Group/g/$export');
  await server.send('DELETE', '/Group/g');
  const { body } = await working(() => until(id, 500));
  expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ diagnostics: 'There is no Group/g.' }] });
});

test('who may not see an export is refused its state, its files and its end', async () => {
  const id = await start('/$export?_type=Basic');
  await working(() => until(id, 200));
  for (const [method, address] of [
    ['GET', `/$export-status/${id}`],
    ['DELETE', `/$export-status/${id}`],
    ['GET', `/$export-file/${id}.Basic.1.ndjson`],
  ] as const) {
    const { statusCode, body } = await server.app.inject({
      method,
      url: `/fhir${address}`,
      headers: { 'x-name': 'Eve' },
    });
    expect({ statusCode, body }).toEqual({
      statusCode: 403,
      body: expect.stringContaining('Somebody else asked for this'),
    });
  }
});

test('more exports than can be looked after are refused for now', async () => {
  for (let count = 0; count < 20; count++) await start('/$export?_type=Patient');
  const { status, body } = await server.get('/$export?_type=Patient', asynchronously);
  expect({ status, body }).toMatchObject({ status: 429, body: { issue: [{ code: 'throttled' }] } });
});

test.each(['nothing', '00000000-0000-4000-8000-000000000000', "' or 1=1", '%00'])(
  'there is no export %s',
  async (id) => {
    for (const method of ['GET', 'DELETE'] as const) {
      const { statusCode } = await server.app.inject({ method, url: `/fhir/$export-status/${encodeURIComponent(id)}` });
      expect(statusCode).toBe(404);
    }
  },
);
