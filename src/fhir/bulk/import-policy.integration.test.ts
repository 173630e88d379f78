import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { createImporter } from './index.ts';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'import-policy-'));
  const organisations = [{ source: 'https://old.example.org/', mode: 'lenient' as const }];
  server = await startTestServer({ validation: { byDefault: 'strict', organisations } });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('an import refuses what breaks a rule, lets in what the policy lets pass, and puts that down', async () => {
  const { pool, store, search, validator } = server.context;
  const patient = (id: string, source: string) => ({ resourceType: 'Patient', id, gender: 'x', meta: { source } });
  const lines = [patient('refused', 'https://new.example.org/'), patient('let-in', 'https://old.example.org/his')];
  const file = join(folder, 'patients.ndjson');
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  const summary = await createImporter({ pool, store, search, check: validator.checkAtOnce }).importFiles([file], {
    report: join(folder, 'report.ndjson'),
  });
  expect([summary.accepted, summary.rejected]).toEqual([1, 1]);
  expect((await server.get('/Patient/refused')).status).toBe(404);
  expect((await server.get('/Patient/let-in')).body.gender).toBe('x');
  const { parameter } = (await server.get('/Patient/let-in/$validation-report')).body;
  expect(parameter).toMatchObject([
    {
      name: 'version',
      part: [{ valueUri: 'Patient/let-in/_history/1' }, { resource: { issue: [{ code: 'code-invalid' }] } }],
    },
  ]);
});
