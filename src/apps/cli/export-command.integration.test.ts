import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

const parent = mkdtempSync(join(tmpdir(), 'meridian-export-command-'));
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const put = (id: string) => ({
    type: 'Basic',
    id,
    method: 2 as const,
    resource: { resourceType: 'Basic', id, code: { text: 'x' } },
  });
  await server.context.store.commit([put('a'), put('b')]);
});

afterAll(async () => {
  await server.stop();
  rmSync(parent, { recursive: true, force: true });
});

const program = new URL('./main.ts', import.meta.url).pathname;

function start(...args: string[]): { child: ChildProcess; ended: Promise<{ code: number; output: string }> } {
  const env = { PATH: '/usr/bin:/bin', DATABASE_URL: server.connectionString };
  const child = spawn(process.execPath, [program, 'export', ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number, output })) };
}

const run = (...args: string[]) => start(...args).ended;

test('the record is written into a folder once, and the next time only what came since', async () => {
  const folder = join(parent, 'all');
  const { code, output } = await run(folder);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('2 resources in 1 files') });
  expect(readdirSync(folder).sort()).toEqual(['Basic.1.ndjson', 'manifest']);
  const ids = readFileSync(join(folder, 'Basic.1.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect(ids).toEqual(['a', 'b']);
  expect((await run(folder)).output).toContain('holds an export already');
  const since = /--since (\S+)/.exec(output)?.[1] ?? '';
  await server.send('DELETE', '/Basic/a');
  const next = join(parent, 'next');
  expect((await run(next, '--since', since, '--type', 'Basic')).output).toContain('0 resources in 1 files');
  expect(readFileSync(join(next, 'deleted.1.ndjson'), 'utf8')).toContain('"url":"Basic/a"');
});

test('an export that was stopped goes on by the same command, and by no other', async () => {
  const folder = join(parent, 'stopped');
  const { child, ended } = start(folder, '--type', 'Basic');
  while (!existsSync(folder)) await sleep(20);
  await sleep(300);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 1, output: expect.stringContaining('goes on from here') });
  const prepared = { transactionTime: Date.now() * 1000, notes: [] };
  const request = { level: 'system', types: ['Basic'], typeFilters: {}, notes: [] };
  const state = { prepared, section: 0, files: [], resources: 0 };
  writeFileSync(join(folder, 'unfinished-export'), JSON.stringify({ request, state }));
  expect((await run(folder)).output).toContain('another unfinished export');
  expect((await run(folder, '--type', 'Basic')).code).toBe(0);
  expect(readdirSync(folder)).toContain('Basic.1.ndjson');
});

test.each([
  [[], 'Name one folder'],
  [['a', 'b'], 'Name one folder'],
  [['a', '--type', 'Nonsense'], 'no resource type'],
  [['a', '--since', 'yesterday'], 'instant'],
  [['a', '--what'], 'what'],
])('%j is refused in words', async (args, words) => {
  const { code, output } = await run(...args);
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(words) });
});
