import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createFolderStorage } from '#lib/object-storage/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-export-'));
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    bulk: { storage: createFolderStorage(folder), keepHours: 24, workFolder: folder, importSources: [] },
    isWorking: true,
  });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const put = async (resource: JsonObject) => {
  const { status } = await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
  expect(status).toBeLessThan(300);
};

const patient = (id: string, more: JsonObject = {}): JsonObject => ({ resourceType: 'Patient', id, ...more });

const observation = (id: string, subject: string, more: JsonObject = {}): JsonObject => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: subject },
  ...more,
});

const asynchronously = { prefer: 'respond-async' };

interface Manifest {
  transactionTime: string;
  request: string;
  output: { type: string; url: string; count: number }[];
  deleted: { type: string; url: string; count: number }[];
  error: { type: string; url: string; count: number }[];
}

const pathOf = (url: string) => url.slice('http://127.0.0.1/fhir'.length);

/** Asks for an export and waits for it; returns what it brought: `Patient/1`, `-Patient/2` for a deletion. */
async function exportOf(address: string, parameters?: JsonObject) {
  const kickOff = parameters
    ? await server.send('POST', address, parameters, asynchronously)
    : await server.get(address, asynchronously);
  expect({ status: kickOff.status, text: kickOff.text }).toEqual({ status: 202, text: '' });
  return collect(kickOff.headers['content-location'] ?? '');
}

async function collect(location: string) {
  const manifest = await finished(location);
  const lines = async (files: Manifest['output']) => {
    const texts = await Promise.all(files.map(async ({ url }) => (await server.get(pathOf(url))).text));
    for (const [index, text] of texts.entries()) {
      expect(text.split('\n').length - 1).toBe(files[index]?.count);
    }
    return texts.flatMap((text) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    );
  };
  const resources = await lines(manifest.output);
  const bundles = await lines(manifest.deleted);
  const outcomes = await lines(manifest.error);
  const names = [
    ...resources.map(({ resourceType, id }) => `${resourceType}/${id}`),
    ...bundles.flatMap(({ entry }) => entry.map(({ request }: { request: { url: string } }) => `-${request.url}`)),
  ];
  expect(new Set(names).size).toBe(names.length);
  return {
    manifest,
    resources,
    names: names.sort(),
    notes: outcomes.map(({ issue }) => issue[0].diagnostics),
    location,
  };
}

async function finished(location: string): Promise<Manifest> {
  for (;;) {
    const { status, headers, text, body } = await server.get(pathOf(location));
    if (status === 200) {
      expect(headers['content-type']).toContain('application/json');
      expect(new Date(headers.expires ?? '').getTime()).toBeGreaterThan(Date.now());
      return body;
    }
    expect({ status, text }).toEqual({ status: 202, text: '' });
    expect(headers['x-progress']).toMatch(/waiting|resources written/);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await sleep(100);
  }
}

describe('of everything', () => {
  test('has the text of every live resource, as reads return it', async () => {
    await put(patient('all-1', { name: [{ family: '王' }] }));
    await put(patient('all-2'));
    await server.send('DELETE', '/Patient/all-2');
    await put(observation('all-3', 'Patient/all-1', { valueQuantity: { value: 1.1 } }));
    const { names, resources, manifest } = await exportOf('/$export');
    expect(names).toEqual(['Observation/all-3', 'Patient/all-1']);
    expect(manifest.request).toBe('http://127.0.0.1/fhir/$export');
    expect(manifest.output.map(({ type }) => type)).toEqual(['Observation', 'Patient']);
    for (const resource of resources) {
      expect(resource).toEqual((await server.get(`/${resource.resourceType}/${resource.id}`)).body);
    }
  });

  test('is limited by _type, and to _elements', async () => {
    await put(patient('e-1', { active: true, birthDate: '2000-01-01' }));
    const { resources } = await exportOf('/$export?_type=Patient&_elements=Patient.birthDate');
    const found = resources.find(({ id }) => id === 'e-1');
    expect(found).toEqual({
      resourceType: 'Patient',
      id: 'e-1',
      meta: { ...found.meta, tag: [expect.objectContaining({ code: 'SUBSETTED' })] },
      birthDate: '2000-01-01',
    });
  });

  test('of a type of which there is nothing has no files', async () => {
    const { manifest } = await exportOf('/$export?_type=Basic');
    expect(manifest).toMatchObject({ output: [], deleted: [], error: [] });
  });
});

describe('since an instant', () => {
  test('has what was written and deleted after it, and the next one goes on exactly there', async () => {
    for (const id of ['s-1', 's-2', 's-3', 's-4']) await put(patient(id));
    const { manifest } = await exportOf('/$export?_type=Patient');
    await put(patient('s-1', { active: true }));
    await server.send('DELETE', '/Patient/s-2');
    await server.send('DELETE', '/Patient/s-3');
    await put(patient('s-3', { active: true }));
    await put(patient('s-5'));
    await server.send('DELETE', '/Patient/s-5');
    const since = encodeURIComponent(manifest.transactionTime);
    const next = await exportOf(`/$export?_type=Patient&_since=${since}`);
    expect(next.names).toEqual(['-Patient/s-2', '-Patient/s-5', 'Patient/s-1', 'Patient/s-3']);
    const last = await exportOf(`/$export?_type=Patient&_since=${encodeURIComponent(next.manifest.transactionTime)}`);
    expect(last.names).toEqual([]);
  });

  test('until another has what counted then', async () => {
    await put(patient('u-1', { active: true }));
    await put(patient('u-2'));
    const between = (await exportOf('/$export?_type=Patient')).manifest.transactionTime;
    await put(patient('u-1', { active: false }));
    await server.send('DELETE', '/Patient/u-2');
    await put(patient('u-3'));
    const { resources } = await exportOf(`/$export?_type=Patient&_until=${encodeURIComponent(between)}`);
    const own = resources.filter(({ id }) => id.startsWith('u-'));
    expect(own.map(({ id, active }) => [id, active]).sort()).toEqual([
      ['u-1', true],
      ['u-2', undefined],
    ]);
  });

  test('misses nothing that a transaction still had in hand', async () => {
    const { context } = server;
    const started = await inTransaction(context.pool, async (transaction) => {
      const change = { type: 'Patient', id: 'late', method: 2 as const, resource: patient('late') };
      await context.store.write(transaction, [change]);
      await sleep(50);
      const kickOff = await server.get('/$export?_type=Patient', asynchronously);
      await sleep(1800);
      const location = kickOff.headers['content-location'] ?? '';
      expect((await server.get(pathOf(location))).status).toBe(202);
      return location;
    });
    const { names } = await collect(started);
    expect(names).toContain('Patient/late');
  });
});

describe('of patients', () => {
  beforeAll(async () => {
    for (const id of ['p-1', 'p-2', 'p-3']) await put(patient(id));
    await put({ resourceType: 'Practitioner', id: 'p-doctor' });
    await put(observation('p-o1', 'Patient/p-1'));
    await put(observation('p-o2', 'Patient/p-2'));
    await put(observation('p-o3', 'Patient/p-3', { performer: [{ reference: 'Patient/p-1' }] }));
    await put(observation('p-o4', 'Group/nobody'));
    const actor = (reference: string) => ({ actor: { reference }, status: 'accepted' });
    const participant = [actor('Patient/p-1'), actor('Patient/p-2')];
    await put({ resourceType: 'Appointment', id: 'p-a', status: 'proposed', participant });
    const member = (reference: string, more: JsonObject = {}) => ({ entity: { reference }, ...more });
    const group = { resourceType: 'Group', type: 'person', actual: true };
    await put({
      ...group,
      id: 'both',
      member: [
        member('Patient/p-1'),
        member('Patient/p-2'),
        member('Patient/p-3', { inactive: true }),
        member('Practitioner/p-doctor'),
        member('Patient/nowhere'),
      ],
    });
    await put({ ...group, id: 'empty' });
  });

  test('has whatever is in the compartment of any patient', async () => {
    const { names } = await exportOf('/Patient/$export');
    expect(names.filter((name) => /\/p-|Group/.test(name))).toEqual([
      'Appointment/p-a',
      'Group/both',
      'Observation/p-o1',
      'Observation/p-o2',
      'Observation/p-o3',
      'Patient/p-1',
      'Patient/p-2',
      'Patient/p-3',
    ]);
  });

  test('of a Group has what belongs to its active members, each resource once, and tells who is missing', async () => {
    const { names, notes } = await exportOf('/Group/both/$export');
    expect(names).toEqual([
      'Appointment/p-a',
      'Group/both',
      'Observation/p-o1',
      'Observation/p-o2',
      'Observation/p-o3',
      'Patient/p-1',
      'Patient/p-2',
    ]);
    expect(notes).toEqual([
      '1 members of Group/both are not patients of this server.',
      '1 of 3 patients do not exist here.',
    ]);
  });

  test('of an empty Group is empty', async () => {
    expect((await exportOf('/Group/empty/$export')).manifest).toMatchObject({ output: [], deleted: [], error: [] });
  });

  test('of a Group that does not exist is refused', async () => {
    expect((await server.get('/Group/none/$export', asynchronously)).status).toBe(404);
  });

  test('named by a parameter has what belongs to them', async () => {
    const parameter = [{ name: 'patient', valueReference: { reference: 'Patient/p-3' } }];
    const { names } = await exportOf('/Patient/$export', { resourceType: 'Parameters', parameter });
    expect(names).toEqual(['Group/both', 'Observation/p-o3', 'Patient/p-3']);
    const both = [...parameter, { name: 'patient', valueReference: { reference: 'Patient/p-2' } }];
    const inGroup = await exportOf('/Group/both/$export', { resourceType: 'Parameters', parameter: both });
    expect(inGroup.names).toEqual(['Appointment/p-a', 'Group/both', 'Observation/p-o2', 'Patient/p-2']);
    expect(inGroup.notes).toContain('1 of the patients asked for are not members of Group/both.');
  });

  test('since an instant tells the deletions of these patients only', async () => {
    const before = (await exportOf('/$export?_type=Basic')).manifest.transactionTime;
    await put(observation('p-o5', 'Patient/p-1'));
    await put(observation('p-o6', 'Patient/p-3'));
    await put(observation('p-o7', 'Group/nobody'));
    for (const id of ['p-o5', 'p-o6', 'p-o7']) await server.send('DELETE', `/Observation/${id}`);
    await put(observation('p-o2', 'Patient/p-2', { issued: '2026-01-01T00:00:00Z' }));
    const since = `_since=${encodeURIComponent(before)}`;
    expect((await exportOf(`/Group/both/$export?${since}`)).names).toEqual(['-Observation/p-o5', 'Observation/p-o2']);
    expect((await exportOf(`/Patient/$export?${since}`)).names).toEqual([
      '-Observation/p-o5',
      '-Observation/p-o6',
      'Observation/p-o2',
    ]);
  });
});

describe('by _typeFilter', () => {
  beforeAll(async () => {
    await put(patient('f-p'));
    for (const [id, status, category] of [
      ['f-1', 'final', 'a'],
      ['f-2', 'amended', 'b'],
      ['f-3', 'amended', 'a'],
      ['f-4', 'preliminary', 'a'],
    ]) {
      await put(
        observation(`${id}`, 'Patient/f-p', {
          status: status ?? '',
          category: [{ coding: [{ code: `f-${category}` }] }],
        }),
      );
    }
  });

  const filter = (text: string) => `_typeFilter=${encodeURIComponent(text)}`;

  test('has what meets one of the searches, each resource once', async () => {
    const query = `_type=Observation&${filter('Observation?category=f-b')}&${filter('Observation?status=amended&subject=Patient/f-p')}`;
    expect((await exportOf(`/$export?${query}`)).names).toEqual(['Observation/f-2', 'Observation/f-3']);
    const list = filter('Observation?category=f-b,f-x,Observation?status=preliminary&category=f-a');
    expect((await exportOf(`/$export?_type=Observation&${list}`)).names).toEqual([
      'Observation/f-2',
      'Observation/f-4',
    ]);
  });

  test('leaves other types as they are, and keeps to the members of a Group', async () => {
    const group = { resourceType: 'Group', id: 'f-g', type: 'person', actual: true };
    await put({ ...group, member: [{ entity: { reference: 'Patient/f-p' } }] });
    await put(patient('f-q'));
    await put(observation('f-5', 'Patient/f-q', { status: 'amended' }));
    const query = filter('Observation?status=amended');
    expect((await exportOf(`/Group/f-g/$export?_type=Patient,Observation&${query}`)).names).toEqual([
      'Observation/f-2',
      'Observation/f-3',
      'Patient/f-p',
    ]);
  });

  test('finds more than one page', async () => {
    const entry = Array.from({ length: 450 }, (_, index) => ({
      resource: { resourceType: 'Basic', code: { coding: [{ code: index % 2 ? 'f-odd' : 'f-even' }] } },
      request: { method: 'POST', url: 'Basic' },
    }));
    await server.send('POST', '/', { resourceType: 'Bundle', type: 'transaction', entry });
    const query = `${filter('Basic?code=f-odd')}&${filter('Basic?code=f-odd,f-even')}`;
    expect((await exportOf(`/$export?_type=Basic&${query}`)).names).toHaveLength(450);
  });
});

describe('what cannot be exported is refused in words', () => {
  test.each([
    ['/$export?_type=Nonsense', 'no resource type'],
    ['/$export?_since=yesterday', 'instant'],
    ['/$export?_since=2026-13-41T00:00:00Z', ''],
    ['/$export?_outputFormat=text/csv', 'ndjson'],
    ['/$export?includeAssociatedData=RelevantProvenanceResources', 'not supported'],
    ['/$export?organizeOutputBy=Patient', 'not supported'],
    ['/$export?surprise=1', 'not known'],
    ['/$export?_elements=Patient.name.family', 'top-level'],
    ['/$export?_typeFilter=Observation', 'search'],
    ['/$export?_typeFilter=Observation?nonsense=1', 'nonsense'],
    ['/$export?_typeFilter=Observation?_include=Observation:subject', '_include'],
    ['/$export?_typeFilter=Observation?', 'search parameter'],
    ['/$export?_type=Patient&_typeFilter=Observation?status=final', 'leaves out'],
    ['/$export?patient=Patient/1', 'Patient/$export'],
    ['/Patient/$export?patient=Patient/1', 'POST'],
    ['/Patient/$export?_type=Practitioner', 'does not belong to a patient'],
    [`/$export?_typeFilter=${'Observation?status=final,'.repeat(60)}`, '50'],
  ])('%s', async (address, words) => {
    const { status, body } = await server.get(address, asynchronously);
    expect({ status, diagnostics: body.issue[0].diagnostics }).toEqual({
      status: expect.toSatisfy((code: number) => code >= 400 && code < 500),
      diagnostics: expect.stringContaining(words),
    });
  });

  test('unless the client is lenient: then it is left out and told', async () => {
    const { status, headers } = await server.get('/$export?_type=Basic,Nonsense&surprise=1', {
      prefer: 'respond-async, handling=lenient',
    });
    expect(status).toBe(202);
    const { notes } = await collect(headers['content-location'] ?? '');
    expect(notes).toEqual([expect.stringContaining('surprise'), expect.stringContaining('Nonsense')]);
  });

  test('an export without Prefer: respond-async', async () => {
    expect((await server.get('/$export')).status).toBe(400);
  });

  test.each(['/Observation/$export', '/Patient/1/$export', '/Group/$export'])('%s is not offered', async (address) => {
    expect((await server.get(address, asynchronously)).status).toBe(404);
  });
});

describe('its files', () => {
  test('come gzipped or in ranges, and only under their own names', async () => {
    await put({ resourceType: 'Library', id: 'l-1', status: 'draft', type: { text: '药'.repeat(50) } });
    const { manifest } = await exportOf('/$export?_type=Library');
    const url = `/fhir${pathOf(manifest.output[0]?.url ?? '')}`;
    const whole = await server.app.inject({ url });
    expect(whole.headers).toMatchObject({ 'content-type': 'application/fhir+ndjson', 'accept-ranges': 'bytes' });
    expect(JSON.parse(whole.body)).toMatchObject({ id: 'l-1' });
    const zipped = await server.app.inject({ url, headers: { 'accept-encoding': 'br, gzip;q=0.5' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.rawPayload).toString()).toBe(whole.body);
    const part = await server.app.inject({ url, headers: { range: 'bytes=10-19' } });
    expect([part.statusCode, part.headers['content-range']]).toEqual([206, `bytes 10-19/${whole.rawPayload.length}`]);
    expect(part.rawPayload).toEqual(whole.rawPayload.subarray(10, 20));
    expect((await server.app.inject({ url, headers: { range: 'bytes=99999-' } })).statusCode).toBe(416);
    const id = url.split('/').at(-1)?.slice(0, 36);
    for (const name of [
      `${id}.`,
      `${id}.Patient.9.ndjson`,
      `${id}.../../../etc/passwd`,
      `${id}.%2e%2e%2fx`,
      'x',
      '..%2f',
    ]) {
      expect((await server.get(`/$export-file/${name}`)).status).toBe(404);
    }
  });

  test('are gone after DELETE, and so is the export', async () => {
    const { manifest, location } = await exportOf('/$export?_type=Patient');
    const id = location.slice(-36);
    expect(readdirSync(folder)).toContain(id);
    expect((await server.send('DELETE', pathOf(location))).status).toBe(202);
    await until(() => !readdirSync(folder).includes(id));
    await until(async () => (await server.get(pathOf(location))).status === 404);
    expect((await server.get(pathOf(manifest.output[0]?.url ?? ''))).status).toBe(404);
    expect((await server.send('DELETE', pathOf(location))).status).toBe(404);
  });

  test('are gone when the export is cancelled while it waits for the database', async () => {
    const location = await inTransaction(server.context.pool, async (transaction) => {
      const resource = patient('c-1');
      await server.context.store.write(transaction, [{ type: 'Patient', id: 'c-1', method: 2, resource }]);
      await sleep(20);
      const kickOff = await server.get('/$export', asynchronously);
      await sleep(300);
      const own = kickOff.headers['content-location'] ?? '';
      expect((await server.send('DELETE', pathOf(own))).status).toBe(202);
      expect((await server.get(pathOf(own))).status).toBe(404);
      return own;
    });
    await until(async () => (await server.context.jobs.read('fhir.write-export', location.slice(-36))) === undefined);
    expect(readdirSync(folder)).not.toContain(location.slice(-36));
  });
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await isSo()) return;
    await sleep(50);
  }
  throw new Error('It does not happen');
}
