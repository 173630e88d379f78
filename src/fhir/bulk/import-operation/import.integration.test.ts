import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createFolderStorage } from '#lib/object-storage/index.ts';
import { generateRegion } from '#population/region.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-import-'));
const shared = join(folder, 'shared');
const asynchronously = { prefer: 'respond-async' };
let source: TestServer;
let target: TestServer;
let web: Server;
let webUrl: string;
let answer: (request: IncomingMessage, reply: ServerResponse) => void = (_request, reply) => reply.end();

beforeAll(async () => {
  mkdirSync(shared);
  web = createServer((request, reply) => answer(request, reply)).listen(0, '127.0.0.1');
  await new Promise((resolve) => web.once('listening', resolve));
  webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const storage = createFolderStorage(join(folder, 'exports'));
  const bulk = { storage, keepHours: 24, workFolder: join(folder, 'work') };
  source = await startTestServer({ bulk: { ...bulk, importSources: [] }, isWorking: true });
  target = await startTestServer({
    bulk: {
      ...bulk,
      importSources: [`${webUrl}/allowed/`, pathToFileURL(shared).href, pathToFileURL(join(folder, 'exports')).href],
    },
    isWorking: true,
  });
});

afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
  web.close();
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (url: string) => url.slice('http://127.0.0.1/fhir'.length);

async function finished(server: TestServer, location = '') {
  for (;;) {
    const found = await server.get(pathOf(location));
    if (found.status !== 202) return found;
    await sleep(50);
  }
}

async function importOf(body: unknown) {
  const kickOff = await target.send('POST', '/$import', body, asynchronously);
  expect({ status: kickOff.status, text: kickOff.text }).toEqual({ status: 202, text: '' });
  return finished(target, kickOff.headers['content-location']);
}

const inputsOf = (...urls: string[]) => ({
  resourceType: 'Parameters',
  parameter: urls.map((url) => ({ name: 'input', part: [{ name: 'url', valueUrl: url }] })),
});

test('a region that is exported here and imported there is the same', async () => {
  let changes: { type: string; id: string; method: 2; resource: JsonObject }[] = [];
  const total = new Map<string, number>();
  for (const resource of generateRegion({ seed: 7, residents: 12, now: '2026-11-25' })) {
    const { resourceType: type, id = '' } = resource;
    changes.push({ type, id, method: 2, resource: resource as unknown as JsonObject });
    total.set(type, (total.get(type) ?? 0) + 1);
    if (changes.length < 500) continue;
    await source.context.store.commit(changes);
    changes = [];
  }
  await source.context.store.commit(changes);
  const kickOff = await source.get('/$export', asynchronously);
  const { body: manifest } = await finished(source, kickOff.headers['content-location']);
  expect(new Map(manifest.output.map((file: { type: string; count: number }) => [file.type, file.count]))).toEqual(
    total,
  );

  const id = kickOff.headers['content-location']?.slice(-36) ?? '';
  const files = readdirSync(join(folder, 'exports', id)).map((name) => join(folder, 'exports', id, name));
  const { body } = await importOf(inputsOf(...files.map((file) => pathToFileURL(file).href)));
  expect(body.error).toEqual([]);
  expect(new Map(body.output.map(({ type, created }: { type: string; created: number }) => [type, created]))).toEqual(
    total,
  );
  for (const file of files) {
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const exported = JSON.parse(line);
      const imported = (await target.get(`/${exported.resourceType}/${exported.id}`)).body;
      expect({ ...imported, meta: undefined }).toEqual({ ...exported, meta: undefined });
      expect({ ...imported.meta, versionId: '', lastUpdated: '' }).toEqual({
        ...exported.meta,
        versionId: '',
        lastUpdated: '',
      });
    }
  }
});

describe('over HTTP', () => {
  const patients = [
    '{"resourceType":"Patient","id":"h-1"}',
    '{"resourceType":"Patient","id":"h-2","name":"wrong"}',
    '{',
  ];

  test('the files of a manifest are brought in, gzipped or not, and what is wrong is told with its line', async () => {
    answer = (request, reply) => {
      if (request.url === '/allowed/manifest') {
        const output = [
          { type: 'Patient', url: 'patients.ndjson' },
          { type: 'Basic', url: `${webUrl}/allowed/hop` },
        ];
        const deleted = [{ type: 'Bundle', url: 'deleted.ndjson' }];
        reply.end(JSON.stringify({ transactionTime: '2026-01-01T00:00:00Z', output, deleted }));
      } else if (request.url === '/allowed/hop') reply.writeHead(302, { location: 'basic.ndjson.gz' }).end();
      else if (request.url === '/allowed/patients.ndjson') reply.end(patients.join('\n'));
      else if (request.url === '/allowed/deleted.ndjson') {
        const entry = [{ request: { method: 'DELETE', url: 'Patient/h-0' } }];
        reply.end(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }));
      } else reply.end(gzipSync('{"resourceType":"Basic","id":"h-3","code":{"text":"x"}}\n'));
    };
    await target.send('PUT', '/Patient/h-0', { resourceType: 'Patient', id: 'h-0' });
    const { status, body } = await importOf({
      resourceType: 'Parameters',
      parameter: [{ name: 'manifest', valueUrl: `${webUrl}/allowed/manifest` }],
    });
    expect(status).toBe(200);
    expect(body.output).toEqual([
      { type: 'Patient', count: 2, created: 1, deleted: 1 },
      { type: 'Basic', count: 1, created: 1 },
    ]);
    expect(body.error).toMatchObject([{ type: 'OperationOutcome', count: 2 }]);
    const errors = (await target.get(pathOf(body.error[0].url))).text.trim().split('\n');
    expect(errors.map((line) => JSON.parse(line).issue[0].diagnostics)).toEqual([
      expect.stringContaining(`${webUrl}/allowed/patients.ndjson, line 2`),
      expect.stringContaining(`${webUrl}/allowed/patients.ndjson, line 3`),
    ]);
    expect((await target.get('/Patient/h-0')).status).toBe(410);
    expect(readdirSync(join(folder, 'work'))).toEqual([]);
  });

  test('plain JSON is understood, too', async () => {
    answer = (_request, reply) => reply.end('{"resourceType":"Patient","id":"j-1"}');
    const { body } = await importOf({
      inputFormat: 'application/fhir+ndjson',
      inputSource: 'https://example.org',
      input: [{ type: 'Patient', url: `${webUrl}/allowed/j` }],
    });
    expect(body.output).toEqual([{ type: 'Patient', count: 1, created: 1 }]);
  });

  test('a source that leads out of what is allowed is not followed, and one that is missing is told', async () => {
    let asked = 0;
    answer = (request, reply) => {
      if (request.url === '/secret') asked += 1;
      if (request.url === '/allowed/out') reply.writeHead(302, { location: '/secret' }).end();
      else reply.writeHead(404).end();
    };
    const out = await importOf(inputsOf(`${webUrl}/allowed/out`));
    expect(out.status).toBe(500);
    expect(out.body.issue[0].diagnostics).toContain('MERIDIAN_IMPORT_SOURCES');
    expect(asked).toBe(0);
    expect((await importOf(inputsOf(`${webUrl}/allowed/missing`))).body.issue[0].diagnostics).toContain('404');
  });

  test('an import that is cancelled while it waits for its source leaves nothing', async () => {
    answer = (_request, reply) => void reply.write('{"resourceType":"Patient"');
    const kickOff = await target.send('POST', '/$import', inputsOf(`${webUrl}/allowed/slow`), asynchronously);
    const location = kickOff.headers['content-location'] ?? '';
    await sleep(300);
    expect((await target.send('DELETE', pathOf(location))).status).toBe(202);
    expect((await target.get(pathOf(location))).status).toBe(404);
    const id = location.slice(-36);
    while (await target.context.jobs.read('fhir.run-import', id)) await sleep(50);
    expect(readdirSync(join(folder, 'work'))).not.toContain(id);
  });
});

describe('nothing is taken from elsewhere', () => {
  test.each([
    ['file:///etc/passwd'],
    ['http://169.254.169.254/latest/meta-data/'],
    ['http://127.0.0.1/allowed/x'],
    ['https://user:secret@127.0.0.1/allowed/x'],
    ['ftp://127.0.0.1/allowed/x'],
    ['gopher://x'],
    ['not an address'],
    [''],
  ])('%s', async (url) => {
    const { status } = await target.send('POST', '/$import', inputsOf(url), asynchronously);
    expect([400, 403]).toContain(status);
  });

  test('nor by going up, nor from a name that only begins alike', async () => {
    for (const path of [
      '/allowed/../secret',
      '/allowed/%2e%2e/secret',
      '/allowed/..%2fsecret',
      '/allowed',
      '/allowedly/x',
    ]) {
      const { status } = await target.send('POST', '/$import', inputsOf(`${webUrl}${path}`), asynchronously);
      expect({ path, status }).toEqual({ path, status: 403 });
    }
    const { status } = await source.send('POST', '/$import', inputsOf(`${webUrl}/allowed/x`), asynchronously);
    expect(status).toBe(403);
  });

  test('nor through a link in an allowed folder', async () => {
    writeFileSync(join(folder, 'outside.ndjson'), '{"resourceType":"Patient","id":"out"}');
    symlinkSync(join(folder, 'outside.ndjson'), join(shared, 'link.ndjson'));
    const { body } = await importOf(inputsOf(pathToFileURL(join(shared, 'link.ndjson')).href));
    expect(body.issue[0].diagnostics).toContain('no file');
    expect((await target.get('/Patient/out')).status).toBe(404);
  });
});

test.each([
  ['nothing', { resourceType: 'Parameters' }],
  ['both', { input: [{ url: 'https://a' }], manifest: 'https://b' }],
  ['another format', { inputFormat: 'text/csv', input: [{ url: 'https://a' }] }],
  ['an input that is none', { input: ['https://a'] }],
  ['an input without a url', { input: [{ type: 'Patient' }] }],
  ['inputs that are none', { input: 'https://a' }],
  ['an unknown type', { input: [{ type: 'Nonsense', url: 'https://a' }] }],
])('an import of %s is refused', async (_, body) => {
  expect((await target.send('POST', '/$import', body, asynchronously)).status).toBe(400);
});

test('an import without Prefer: respond-async is refused', async () => {
  expect((await target.send('POST', '/$import', inputsOf(`${webUrl}/allowed/x`))).status).toBe(400);
});
