import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createFolderStorage } from '#lib/object-storage/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-killed-'));
const children: ChildProcess[] = [];
let server: TestServer;

beforeAll(async () => {
  const bulk = { storage: createFolderStorage(folder), keepHours: 24, workFolder: folder, importSources: [] };
  server = await startTestServer({ bulk });
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startProcess(): Promise<ChildProcess> {
  const program = new URL('../../../testing/export-jobs.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, server.connectionString, folder], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

const basic = (id: string, text: string): JsonObject => ({ resourceType: 'Basic', id, code: { text } });
const put = (id: string, text: string) => ({ type: 'Basic', id, method: 2 as const, resource: basic(id, text) });

const reached = async (id: string) =>
  (await server.context.jobs.read('fhir.write-export', id))?.progress?.resources ?? 0;

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await isSo()) return;
    await sleep(20);
  }
  throw new Error('It does not happen');
}

test('an export whose processes are killed goes on elsewhere, and has every resource once, as it was at its instant', async () => {
  const { store, jobs } = server.context;
  const count = 20_000;
  const ids = Array.from({ length: count }, (_, index) => `b-${index}`);
  for (let from = 0; from < count; from += 1000) {
    await store.commit(ids.slice(from, from + 1000).map((id) => put(id, 'before')));
  }
  const first = await startProcess();
  const kickOff = await server.get('/$export?_type=Basic', { prefer: 'respond-async' });
  const id = kickOff.headers['content-location']?.slice(-36) ?? '';
  await until(async () => (await reached(id)) >= 2000);
  first.kill('SIGKILL');
  // Behind and ahead of where the export is, resources are changed, deleted and added meanwhile.
  for (const index of [0, 1, 2, 15_000, 19_998, 19_999]) await store.commit([put(`b-${index}`, 'after')]);
  for (const index of [3, 16_000]) await store.commit([{ type: 'Basic', id: `b-${index}`, method: 3 }]);
  await store.commit([put('b-new', 'after')]);
  const before = await reached(id);
  expect(before).toBeLessThan(count);
  const second = await startProcess();
  await until(async () => (await reached(id)) > before);
  second.kill('SIGKILL');
  await startProcess();
  await until(async () => (await jobs.read('fhir.write-export', id))?.endedAt !== undefined);
  const { status, result } = (await jobs.read('fhir.write-export', id)) ?? {};
  expect(status).toBe('done');
  const files = result?.files ?? [];
  expect(files.length).toBeGreaterThan(2);
  const lines = files.flatMap(({ name }) =>
    readFileSync(join(folder, id, name), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  const resources = lines.map((line) => JSON.parse(line));
  expect(resources.map((resource) => resource.id)).toEqual(ids);
  expect(new Set(resources.map(({ code }) => code.text))).toEqual(new Set(['before']));
  expect(files.reduce((sum, file) => sum + file.count, 0)).toBe(count);
});
