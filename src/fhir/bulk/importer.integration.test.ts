import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { createImporter, type ImportSummary } from './index.ts';

let server: TestServer;
let folder: string;
let count = 0;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  return () => rmSync(folder, { recursive: true });
});

/** A UUID that no other test uses. */
const newUuid = (): string => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
const urn = (uuid: string) => `urn:uuid:${uuid}`;

type Json = Record<string, unknown>;

const entry = (resource: Json, uuid?: string, request: Json = { method: 'POST', url: resource.resourceType }) => ({
  ...(uuid ? { fullUrl: urn(uuid) } : {}),
  resource,
  request,
});
const bundle = (...entries: unknown[]) => ({ resourceType: 'Bundle', type: 'transaction', entry: entries });
const observation = (subject: string) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: subject },
});

function write(name: string, ...documents: unknown[]): string {
  const text = documents.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

async function run(...paths: string[]): Promise<ImportSummary & { report: Json[] }> {
  const report = join(folder, `report-${++count}`);
  const { pool, store, search } = server.context;
  const summary = await createImporter({ pool, store, search }).importFiles(paths.length > 0 ? paths : [folder], {
    report,
  });
  const lines = summary.rejected + summary.ignored > 0 ? readFileSync(report, 'utf8').trim().split('\n') : [];
  return { ...summary, report: lines.map((line) => JSON.parse(line) as Json) };
}

const read = async (name: string) => (await server.get(`/${name}`)).body;
const versionsOf = async (name: string) => (await server.get(`/${name}/_history`)).body.entry.length;

describe('identity', () => {
  test('the UUID of a fullUrl becomes the id, and references to it are resolved, narrative and URIs included', async () => {
    const [patient, observed] = [newUuid(), newUuid()];
    const text = {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${urn(patient)}">p</a></div>`,
    };
    write(
      'a.json',
      bundle(entry({ ...observation(urn(patient)), text }, observed), entry({ resourceType: 'Patient' }, patient)),
    );
    expect(await run()).toMatchObject({ accepted: 2, rejected: 0, isContinued: false });
    const stored = await read(`Observation/${observed}`);
    expect(stored.subject.reference).toBe(`Patient/${patient}`);
    expect(stored.text.div).toContain(`href="Patient/${patient}"`);
    expect((await server.get(`/Observation?subject=Patient/${patient}`)).body.entry).toHaveLength(1);
  });

  test('a second import makes no new version', async () => {
    const uuid = newUuid();
    write('a.ndjson.gz', bundle(entry({ resourceType: 'Patient', active: true }, uuid)), {
      resourceType: 'Basic',
      code: { text: uuid },
    });
    expect((await run()).counts).toEqual({ Patient: { created: 1 }, Basic: { created: 1 } });
    expect((await run()).counts).toEqual({ Patient: { unchanged: 1 }, Basic: { unchanged: 1 } });
    expect(await versionsOf(`Patient/${uuid}`)).toBe(1);
  });

  test('the same id again is an update, and a repeated import knows all its versions', async () => {
    const id = newUuid();
    const patient = (family: string) => ({ resourceType: 'Patient', id, name: [{ family }] });
    write('a.ndjson', patient('One'), patient('Two'), patient('Two'), patient('Three'));
    expect((await run()).counts.Patient).toEqual({ created: 1, updated: 2, unchanged: 1 });
    expect((await run()).counts.Patient).toEqual({ unchanged: 4 });
    expect((await read(`Patient/${id}`)).name[0].family).toBe('Three');
    expect(await versionsOf(`Patient/${id}`)).toBe(3);
  });

  test('what was changed on the server since is not changed back', async () => {
    const id = newUuid();
    write('a.json', { resourceType: 'Patient', id, active: true });
    await run();
    await server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id, active: false });
    expect((await run()).counts.Patient).toEqual({ unchanged: 1 });
    expect((await read(`Patient/${id}`)).active).toBe(false);
  });

  test('addresses on the server from which a Bundle came become relative', async () => {
    const id = newUuid();
    const base = 'https://a.example/fhir';
    const references = [`${base}/Patient/${id}`, `${base}/Patient/later`, 'https://b.example/fhir/Patient/1'];
    const group = {
      resourceType: 'Group',
      type: 'person',
      actual: true,
      member: references.map((reference) => ({ entity: { reference } })),
    };
    write('a.json', {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: `${base}/Group/${id}`, resource: { ...group, id } },
        { fullUrl: `${base}/Patient/${id}`, resource: { resourceType: 'Patient', id } },
      ],
    });
    expect(await run()).toMatchObject({ accepted: 2 });
    const { member } = await read(`Group/${id}`);
    expect(member.map(({ entity }: { entity: Json }) => entity.reference)).toEqual([
      `Patient/${id}`,
      'Patient/later',
      'https://b.example/fhir/Patient/1',
    ]);
  });

  test('decimals keep their digits, and a byte order mark is no part of the file', async () => {
    const id = newUuid();
    const text = JSON.stringify({ ...observation('Patient/1'), id, valueQuantity: { value: 1 } });
    write('a.json', `\ufeff${text.replace('"value":1', '"value":1.500')}`);
    await run();
    expect((await server.get(`/Observation/${id}`)).text).toContain('"value":1.500');
  });
});

describe('references across files', () => {
  const practitioner = (number: string) => ({
    resourceType: 'Practitioner',
    identifier: [{ system: 'urn:npi', value: number }],
  });

  test.each(['a', 'z'])('are resolved whether the target comes before or after (%s.json)', async (name) => {
    const [patient, doctor, observed] = [newUuid(), newUuid(), newUuid()];
    const performer = [{ reference: `Practitioner?identifier=urn:npi|${doctor}` }];
    write('m.ndjson', bundle(entry({ ...observation(urn(patient)), performer }, observed)));
    write(`${name}.json`, bundle(entry(practitioner(doctor), doctor), entry({ resourceType: 'Patient' }, patient)));
    expect(await run()).toMatchObject({ accepted: 3, rejected: 0 });
    expect(await read(`Observation/${observed}`)).toMatchObject({
      subject: { reference: `Patient/${patient}` },
      performer: [{ reference: `Practitioner/${doctor}` }],
    });
    expect((await run()).counts).toMatchObject({ Observation: { unchanged: 1 } });
  });

  test('may go in a circle', async () => {
    const [first, second] = [newUuid(), newUuid()];
    const link = (other: string) => ({
      resourceType: 'Patient',
      link: [{ type: 'seealso', other: { reference: urn(other) } }],
    });
    const filler = Array.from({ length: 600 }, () => ({ resourceType: 'Basic', code: { text: newUuid() } }));
    write('a.ndjson', bundle(entry(link(second), first)), ...filler);
    write('b.json', bundle(entry(link(first), second)));
    expect(await run()).toMatchObject({ accepted: 602, rejected: 0 });
    expect((await read(`Patient/${first}`)).link[0].other.reference).toBe(`Patient/${second}`);
  });

  test('to nothing reject the resource, and those that refer to it', async () => {
    const [nobody, first, second] = [newUuid(), newUuid(), newUuid()];
    const member = { ...observation('Patient/1'), hasMember: [{ reference: urn(first) }] };
    write('a.json', bundle(entry(observation(urn(nobody)), first), entry(member, second)));
    const { rejected, report } = await run();
    expect(rejected).toBe(2);
    expect(report).toMatchObject([
      { file: join(folder, 'a.json'), line: 1, entry: 0, outcome: 'rejected', type: 'Observation', id: first },
      { entry: 1, id: second },
    ]);
    expect(report[0]?.reason).toContain(urn(nobody));
    expect((await server.get(`/Observation/${first}`)).status).toBe(404);
  });

  test('to several resources, or by a search that is none, reject it', async () => {
    const [one, two] = [newUuid(), newUuid()];
    write('a.ndjson', { ...practitioner(one), id: one }, { ...practitioner(one), id: two });
    const performer = [{ reference: `Practitioner?identifier=urn:npi|${one}` }];
    write('b.ndjson', { ...observation('Patient/1'), performer }, observation('Patient?nonsense=1'));
    const { report } = await run();
    expect(report.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('More than one resource'),
      expect.stringContaining('nonsense'),
    ]);
  });
});

describe('conditions', () => {
  const organization = (value: string) => ({
    resourceType: 'Organization',
    identifier: [{ system: 'urn:o', value }],
    name: value,
  });
  const request = (value: string) => ({
    method: 'POST',
    url: 'Organization',
    ifNoneExist: `identifier=urn:o|${value}`,
  });

  test('a conditional create takes what is there, and references follow', async () => {
    const [value, uuid, observed, later] = [newUuid(), newUuid(), newUuid(), newUuid()];
    const { body } = await server.send('POST', '/Organization', organization(value));
    const about = (target: string) => ({ ...observation('Patient/1'), performer: [{ reference: target }] });
    write('a.json', bundle(entry(about(urn(uuid)), observed), entry(organization(value), uuid, request(value))));
    write('b.json', bundle(entry(about(urn(uuid)), later)));
    expect((await run()).counts).toEqual({ Organization: { unchanged: 1 }, Observation: { created: 2 } });
    for (const id of [observed, later]) {
      expect((await read(`Observation/${id}`)).performer[0].reference).toBe(`Organization/${body.id}`);
    }
  });

  test('of many equal ones, one creates', async () => {
    const value = newUuid();
    const entries = Array.from({ length: 3 }, () => entry(organization(value), newUuid(), request(value)));
    write('a.ndjson', bundle(...entries.slice(0, 2)), bundle(...entries.slice(2)));
    expect((await run()).counts).toEqual({ Organization: { created: 1, unchanged: 2 } });
  });

  test('conditional updates and deletions mean what their search finds', async () => {
    const value = newUuid();
    const { body } = await server.send('POST', '/Organization', organization(value));
    const url = `Organization?identifier=urn:o|${value}`;
    write('a.json', bundle(entry({ ...organization(value), active: true }, undefined, { method: 'PUT', url })));
    expect((await run()).counts).toEqual({ Organization: { updated: 1 } });
    expect((await read(`Organization/${body.id}`)).active).toBe(true);
    write('a.json', bundle({ request: { method: 'DELETE', url } }));
    expect((await run()).counts).toEqual({ Organization: { deleted: 1 } });
    expect((await run()).counts).toEqual({ Organization: { absent: 1 } });
  });

  test('an entry that expects another version is rejected alone', async () => {
    const ids = [newUuid(), newUuid(), newUuid()];
    const put = (id: string, more: Json = {}) =>
      entry({ resourceType: 'Patient', id }, undefined, { method: 'PUT', url: `Patient/${id}`, ...more });
    write('a.json', bundle(put(ids[0] ?? ''), put(ids[1] ?? '', { ifMatch: 'W/"7"' }), put(ids[2] ?? '')));
    const { counts, report } = await run();
    expect(counts.Patient).toEqual({ created: 2, rejected: 1 });
    expect(report).toMatchObject([{ entry: 1, id: ids[1], reason: expect.stringContaining('version') }]);
  });
});

describe('what is wrong', () => {
  test('is told with file, line, entry and reason, and the rest is stored', async () => {
    const [good, alsoGood] = [newUuid(), newUuid()];
    const path = write(
      'a.ndjson',
      bundle(entry({ resourceType: 'Patient', id: 'x', gender: 5 }), entry({ resourceType: 'Patient' }, good)),
      '{"resourceType":"Patient","id"',
      { resourceType: 'Nothing', id: 'y' },
      bundle({ request: { method: 'GET', url: 'Patient/1' } }),
      { resourceType: 'Patient', id: alsoGood },
    );
    const { accepted, rejected, ignored, report } = await run();
    expect({ accepted, rejected, ignored }).toEqual({ accepted: 2, rejected: 3, ignored: 1 });
    expect(report).toMatchObject([
      { file: path, line: 1, entry: 0, type: 'Patient', id: 'x', reason: expect.stringContaining('Patient.gender') },
      { line: 2, entry: null, type: null, reason: 'The JSON ends in the middle of the line.' },
      { line: 3, type: 'Nothing', id: 'y' },
      { line: 4, entry: 0, outcome: 'ignored' },
    ]);
    expect((await read(`Patient/${alsoGood}`)).id).toBe(alsoGood);
  });

  test('a gzipped file that breaks off is told, and what came before is stored', async () => {
    const id = newUuid();
    const filler = Array.from({ length: 2000 }, () =>
      JSON.stringify({ resourceType: 'Basic', code: { text: newUuid() } }),
    );
    const packed = gzipSync([JSON.stringify({ resourceType: 'Patient', id }), ...filler].join('\n'));
    writeFileSync(join(folder, 'a.ndjson.gz'), packed.subarray(0, packed.length - 100));
    const { report, accepted } = await run();
    expect(accepted).toBeGreaterThan(1);
    expect(report.at(-1)?.reason).toContain('cannot be read');
  });
});

test('a Bundle larger than a batch is taken apart, whichever way its references go', async () => {
  const uuids = Array.from({ length: 4500 }, newUuid);
  const [first, last = ''] = [uuids[0], uuids.at(-1)];
  const entries = uuids.map((uuid, index) =>
    index === 0 || uuid === last
      ? entry({ resourceType: 'Patient' }, uuid)
      : entry(observation(urn(index % 2 ? last : (first ?? ''))), uuid),
  );
  write('a.json', bundle(...entries));
  expect((await run()).counts).toEqual({ Patient: { created: 2 }, Observation: { created: 4498 } });
  const { body } = await server.get(`/Observation?subject=Patient/${last}&_summary=count`);
  expect(body.total).toBe(2249);
});

describe('an import that was broken off', () => {
  const manyLines = () =>
    Array.from({ length: 3000 }, () => ({ resourceType: 'Basic', id: newUuid(), code: { text: 'x' } }));

  test('goes on where it stopped, and counts everything once', async () => {
    const [missing, observed] = [newUuid(), newUuid()];
    write('a.ndjson', 'broken', bundle(entry(observation(urn(missing)), observed)), ...manyLines());
    write('b.json', bundle(entry({ resourceType: 'Patient' }, missing)));
    const { pool, store, search } = server.context;
    const stop = new AbortController();
    const broken = createImporter({ pool, store, search }).importFiles([folder], {
      report: join(folder, 'none'),
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('stopped')),
    });
    await expect(broken).rejects.toThrow('stopped');
    const { isContinued, counts, report } = await run();
    expect(isContinued).toBe(true);
    expect(counts).toEqual({
      '': { rejected: 1 },
      Basic: { created: 3000 },
      Observation: { created: 1 },
      Patient: { created: 1 },
    });
    expect(report).toMatchObject([{ line: 1, outcome: 'rejected' }]);
    expect((await run()).isContinued).toBe(false);
  });

  test('is not started twice at a time', async () => {
    write('a.ndjson', ...manyLines());
    const runs = await Promise.allSettled([run(), run()]);
    const failed = runs.filter(({ status }) => status === 'rejected');
    expect(failed).toMatchObject([{ reason: { message: expect.stringContaining('imported by another process') } }]);
    expect(runs.find(({ status }) => status === 'fulfilled')).toMatchObject({ value: { accepted: 3000 } });
  });
});

test('nothing is left behind of an import that ended', async () => {
  mkdirSync(join(folder, 'x'));
  write('x/a.ndjson', { resourceType: 'Basic', code: { text: newUuid() } }, observation(urn(newUuid())), 'broken');
  await run();
  for (const table of ['import_file', 'import_deferred', 'import_rejection']) {
    const { rows } = await server.context.pool.query(`select count(*)::int as count from meridian.${table}`);
    expect(rows).toEqual([{ count: 0 }]);
  }
});
