import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { accountCommand } from './account-command.ts';

let server: TestServer;
let folder: string;
const printed: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'meridian-account-'));
  vi.stubEnv('DATABASE_URL', server.connectionString);
  vi.stubEnv('MERIDIAN_DATA', folder);
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  await server.send('PUT', '/Practitioner/zhou', { resourceType: 'Practitioner', id: 'zhou' });
});

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const add = (name: string, ...more: string[]) =>
  accountCommand(['add', name, '--display', '周敏', '--latin', 'Zhou Min', '--role', 'administrator', ...more]);

test('somebody is added, listed, locked and reset', async () => {
  expect(await add('Zhou.Min', '--person', 'Practitioner/zhou')).toBe(0);
  expect(printed.pop()).toMatch(/one-time code [A-Z2-9]{4}(-[A-Z2-9]{4}){3}/);
  await accountCommand(['role', 'zhou.min', '--role', 'pharmacist', '--organization', 'Organization/1']);
  await accountCommand(['list']);
  expect(printed.pop()).toBe('zhou.min  周敏  Practitioner/zhou  administrator, pharmacist at Organization/1');
  await expect(accountCommand(['lock', 'zhou.min'])).rejects.toThrow('Nobody would be left who may administer');
  await accountCommand(['reset', 'zhou.min']);
  expect(printed.pop()).toMatch(/one-time code/);
});

test.each([
  [['add', 'li', '--display', '李', '--role', 'administrator'], 'Say who it is in the record'],
  [['add', 'li', '--display', '李', '--role', 'chief', '--person', 'Practitioner/zhou'], 'Say as what they act'],
  [
    ['add', 'li', '--display', '李', '--role', 'administrator', '--person', 'Practitioner/none'],
    'There is no Practitioner/none',
  ],
  [
    ['add', 'li', '--display', '李', '--role', 'administrator', '--person', 'Practitioner/zhou'],
    'This person has an account already',
  ],
  [['reset', 'nobody'], 'Nobody signs in as nobody'],
  [['forget', 'zhou.min'], 'meridian account <add'],
])('%j is refused in words', async (args, words) => {
  await expect(accountCommand(args)).rejects.toThrow(words);
});
