import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { compareWithFreshIndex } from '#testing/fresh-index.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  for (const id of ['a', 'b', 'c']) {
    await server.send('PUT', `/Location/${id}`, { resourceType: 'Location', id, name: id, status: 'active' });
  }
});

afterAll(async () => {
  await server.stop();
});

const program = new URL('./main.ts', import.meta.url).pathname;

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { PATH: '/usr/bin:/bin', DATABASE_URL: server.connectionString };
  const child = spawn(process.execPath, [program, 'reindex', ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code: code as number, output };
}

test('the index is compared and put right, with progress', async () => {
  const { pool } = server.context;
  await pool.query("delete from fhir.string where value = 'b'");
  const { code, output } = await run();
  expect(code, output).toBe(0);
  expect(output).toContain('Rebuilding the index');
  expect(output).toContain('3 resources were compared, 1 of them put right');
  expect(await compareWithFreshIndex(pool)).toEqual([]);
  expect((await run('--type', 'Patient,Location')).output).toContain('3 resources were compared, 0 of them put right');
});

test.each([
  [['--type', 'Persona'], 'no resource type'],
  [['Patient'], '--type'],
  [['--all'], '--all'],
])('%j is refused', async (args, words) => {
  expect(await run(...args)).toEqual({ code: 1, output: expect.stringContaining(words) });
});
