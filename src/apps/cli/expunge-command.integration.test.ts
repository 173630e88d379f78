import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

const program = new URL('./main.ts', import.meta.url).pathname;

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { PATH: '/usr/bin:/bin', DATABASE_URL: server.connectionString };
  const child = spawn(process.execPath, [program, 'expunge', ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code: code as number, output };
}

async function put(id: string, name: string): Promise<void> {
  const { status, text } = await server.send('PUT', `/Location/${id}`, { resourceType: 'Location', id, name });
  expect([200, 201], text).toContain(status);
}

test('a resource is removed only under --yes, with its trail', async () => {
  await put('gone', 'One');
  await put('gone', 'Two');
  const asked = await run('Location/gone');
  expect(asked).toEqual({ code: 0, output: expect.stringContaining('at version 2, 2 versions in the record') });
  expect((await server.get('/Location/gone')).status).toBe(200);
  const done = await run('Location/gone', '--yes', '--reason', 'A test');
  expect(done).toEqual({ code: 0, output: 'Location/gone: 2 versions were removed.\n' });
  expect((await server.get('/Location/gone')).status).toBe(404);
  const { body } = await server.get('/AuditEvent?entity=Location/gone');
  expect(body.entry[0].resource).toMatchObject({
    purposeOfEvent: [{ text: 'A test' }],
    agent: [{ who: { display: expect.stringContaining('by command line as') } }],
  });
});

test('old versions are removed, the current one stays', async () => {
  for (const name of ['One', 'Two', 'Three']) await put('kept', name);
  expect((await run('Location/kept', '--version', '1', '--yes')).output).toContain('1 versions');
  expect((await run('Location/kept', '--previous', '--yes')).output).toContain('1 versions');
  expect((await server.get('/Location/kept')).body.name).toBe('Three');
});

test.each([
  [[], 'Name a resource'],
  [['Location'], 'no resource'],
  [['Location/kept/_history/1'], 'no resource'],
  [['Location/kept', '--version', 'x'], 'numbers of versions'],
  [['Location/kept', '--version', '1', '--previous'], 'either'],
  [['Location/never', '--yes'], 'There is no Location/never'],
  [['Location/kept', '--all'], '--all'],
])('%j is refused', async (args, words) => {
  const { code, output } = await run(...args);
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(words) });
});
