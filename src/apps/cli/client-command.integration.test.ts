import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { makeKeys } from '#testing/smart-app.ts';
import { fillRecord } from '#testing/smart-record.ts';
import { Browser, type SmartServer, startSmartServer } from '#testing/smart-server.ts';
import { clientCommand } from './client-command.ts';
import { tokenCommand } from './token-command.ts';

let server: SmartServer;
let folder: string;
let printed: string[];

beforeAll(async () => {
  server = await startSmartServer();
  await fillRecord(server);
  folder = mkdtempSync(join(tmpdir(), 'meridian-client-'));
  vi.stubEnv('DATABASE_URL', server.connectionString);
  vi.stubEnv('MERIDIAN_DATA', folder);
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});

afterEach(() => {
  printed = [];
});

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await server.stop();
  rmSync(folder, { recursive: true });
});

printed = [];

test('an application is added, listed and removed', async () => {
  const keys = join(folder, 'jwks.json');
  writeFileSync(keys, JSON.stringify(makeKeys('ES384').jwks));
  const scope = ['--scope', 'system/Patient.rs system/Observation.rs'];
  const added = [
    'add',
    'laboratory',
    '--kind',
    'backend',
    ...scope,
    '--jwks',
    keys,
    '--organization',
    'Organization/1',
  ];
  expect(await clientCommand(added)).toBe(0);
  await clientCommand([
    ...['add', 'viewer', '--kind', 'public', '--name', '看片', '--redirect', 'https://app.example.org/callback'],
    ...['--scope', 'openid', '--scope', 'patient/*.rs', '--trusted'],
  ]);
  printed = [];
  await clientCommand(['list']);
  expect(printed.join('\n')).toBe(
    [
      'laboratory  laboratory  (backend, Organization/1)\n    system/Patient.rs system/Observation.rs',
      'viewer  看片  (public, trusted)\n    openid patient/*.rs',
      '    https://app.example.org/callback',
    ].join('\n'),
  );
  await clientCommand(['remove', 'viewer']);
  await expect(clientCommand(['remove', 'viewer'])).rejects.toThrow('There is no client viewer.');
  await expect(clientCommand(added)).rejects.toThrow('There is a client laboratory already.');
});

test.each([
  [['add', 'x'], 'Say of which kind it is'],
  [['add', 'x', '--kind', 'public', '--scope', 'patient/*.rs'], 'needs a redirect URI'],
  [['add', 'x', '--kind', 'backend', '--scope', 'system/*.rs', '--jwks', '/nowhere'], 'cannot be read'],
  [['add', 'x', '--kind', 'backend', '--scope', 'system/*.rs', '--jwks', 'https://x.example.org/jwks'], 'Say for whom'],
  [['show', 'x'], 'meridian client add'],
  [['add', 'x', '--secret', 'y'], 'Unknown option'],
])('client %j is refused in words', async (args, message) => {
  await expect(clientCommand(args)).rejects.toThrow(message);
});

const get = async (url: string) => {
  const headers = { authorization: `Bearer ${printed.at(-1)}` };
  return (await new Browser(server).visit(`/fhir${url}`, { headers })).status;
};

test('a token lets its holder act as somebody, for as long as it was made', async () => {
  await tokenCommand(['--as', 'operator', '--minutes', '10']);
  expect(await get('/Patient/wang')).toBe(200);
  server.clock.aheadMs = 11 * 60_000;
  expect(await get('/Patient/wang')).toBe(401);
  server.clock.aheadMs = 0;
  await tokenCommand(['--as', 'Patient/chen']);
  expect(
    await server.smart.authenticate({ headers: { authorization: `Bearer ${printed.at(-1)}` }, ip: '::1' }),
  ).toMatchObject({
    reference: 'Patient/chen',
    role: 'resident',
  });
});

test('it is put down that a token was made, and the token is not', async () => {
  const { rows } = await server.fhir.pool.query(
    'select convert_from(convert_to(e::text, $1), $1) as text from audit.event e',
    ['utf8'],
  );
  const trail = rows.map(({ text }) => text).join('\n');
  expect(trail).toContain('smart.token-made');
  expect(trail).toContain('smart.client-added');
  await tokenCommand(['--as', 'operator']);
  expect(trail).not.toContain(printed.at(-1));
});

test.each([
  [[], 'meridian token --as'],
  [['--as', 'Practitioner/nobody', '--role', 'hospital-physician'], 'There is no Practitioner/nobody'],
  [['--as', 'Practitioner/doctor'], 'Say as what they act'],
  [['--as', 'Practitioner/doctor', '--role', 'operator'], 'Say as what they act'],
  [['--as', 'Group/1'], 'is no Practitioner or Patient'],
  [['--as', 'operator', '--minutes', '0'], '--minutes must be'],
  [['--as', 'operator', '--minutes', '1441'], '--minutes must be'],
  [['--as', 'operator', '--scope', 'everything'], 'There is no scope'],
  [
    ['--as', 'Practitioner/doctor', '--role', 'pharmacist', '--organization', 'Organization/none'],
    'There is no Organization',
  ],
])('token %j is refused in words', async (args, message) => {
  await expect(tokenCommand(args)).rejects.toThrow(message);
});
