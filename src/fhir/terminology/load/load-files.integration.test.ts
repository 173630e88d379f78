import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { type CodeSystemHeader, type LoadProgress, loadFile } from './load-files.ts';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'meridian-terminology-'));
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const url = 'http://example.org/drugs';
const header = (more: Partial<CodeSystemHeader> = {}): CodeSystemHeader => ({
  url,
  version: '1',
  name: undefined,
  title: undefined,
  language: 'en',
  isCaseSensitive: true,
  ...more,
});

async function load(name: string, content: string | Buffer, header: CodeSystemHeader): Promise<LoadProgress[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const steps: LoadProgress[] = [];
  const { pool, store } = server.context;
  await loadFile({ pool, store, newId: uuidv7, now: Date.now }, path, header, (step) => steps.push(step));
  return steps;
}

const lookup = async (code: string) => {
  const { body } = await server.get(`/CodeSystem/$lookup?system=${url}&code=${code}`);
  return JSON.stringify(body);
};

const rows = (count: number, word: string) =>
  Array.from({ length: count }, (_, index) => `D${index},${word} ${index},${index > 0 ? 'D0' : ''},"tablet, ${index}"`);

test('a CSV file becomes a code system with hierarchy, properties and designations', async () => {
  const lines = [
    'code,display,parent,form,designation:zh,inactive',
    'A,Analgesic,,,镇痛药,',
    'B,"Paracetamol, oral",A,tablet|syrup,对乙酰氨基酚,false',
    'C,Metamizole,A,tablet,,true',
  ];
  const steps = await load('drugs.csv.gz', gzipSync(lines.join('\n')), header());
  expect(steps.at(-1)).toEqual({ phase: 'writing', concepts: 3, total: 3 });
  expect(await lookup('B')).toContain('Paracetamol, oral');
  expect(await lookup('B')).toContain('对乙酰氨基酚');
  expect(await lookup('B')).toContain('syrup');
  const { body } = await server.get(`/CodeSystem?url=${url}`);
  expect(body.entry[0].resource).toMatchObject({ content: 'complete', count: 3, caseSensitive: true, name: 'Cdrugs' });
  const found = await server.send('POST', '/ValueSet/$expand', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'filter', valueString: 'yixianan' },
      { name: 'activeOnly', valueBoolean: true },
      {
        name: 'valueSet',
        resource: { resourceType: 'ValueSet', status: 'active', compose: { include: [{ system: url }] } },
      },
    ],
  });
  expect(found.body.expansion.contains).toMatchObject([{ code: 'B' }]);
});

test('a second load replaces the first at once, one that fails changes nothing', async () => {
  await load('first.csv', ['code,display,parent,form', ...rows(2_500, 'First')].join('\n'), header());
  expect(await lookup('D2499')).toContain('First 2499');
  const broken = ['code,display,parent,form', ...rows(2_500, 'Broken'), 'D1,again,,'].join('\n');
  await expect(load('broken.csv', broken, header())).rejects.toThrow(/D1 again/);
  await expect(load('lost.csv', 'code,parent\nA,Z', header())).rejects.toThrow(/not in the file: Z/);
  expect(await lookup('D2499')).toContain('First 2499');
  await load('second.csv', ['code,display,parent,form', ...rows(2_000, 'Second')].join('\n'), header());
  expect(await lookup('D1999')).toContain('Second 1999');
  expect(await lookup('D2499')).toContain('not in the code system');
  const { body } = await server.get(`/CodeSystem?url=${url}&_summary=count`);
  expect(body.total).toBe(1);
});

test('versions stand beside each other, and metadata can be changed without the concepts', async () => {
  await load('next.csv', ['code,display', 'D1,Next'].join('\n'), header({ version: '2' }));
  expect(await lookup('D1')).toContain('Next');
  expect(await lookup('D1&version=1')).toContain('Second 1');
  const { body } = await server.get(`/CodeSystem?url=${url}&version=2`);
  const { resource } = body.entry[0];
  await server.send('PUT', `/CodeSystem/${resource.id}`, { ...resource, title: 'Drugs' });
  expect(await lookup('D1')).toContain('Next');
});

test('FHIR JSON with many concepts goes to the table, value sets and maps are stored', async () => {
  const concept = Array.from({ length: 5_001 }, (_, index) => ({ code: `X${index}`, display: `Thing ${index}` }));
  const things = {
    resourceType: 'CodeSystem',
    url: 'http://example.org/things',
    status: 'active',
    content: 'complete',
    concept,
  };
  const set = {
    resourceType: 'ValueSet',
    url: 'http://example.org/some',
    status: 'active',
    compose: { include: [{ system: things.url }] },
  };
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: things }, { resource: set }] };
  await load('bundle.json', JSON.stringify(bundle), header());
  const map = { resourceType: 'ConceptMap', url: 'http://example.org/map', status: 'active' };
  await load('more.ndjson', `${JSON.stringify(map)}\n\n`, header());
  const { body } = await server.get('/ValueSet/$expand?url=http://example.org/some&count=1&offset=5000');
  expect(body.expansion).toMatchObject({ total: 5_001, contains: [{ code: 'X5000' }] });
  expect((await server.get('/ConceptMap?url=http://example.org/map&_summary=count')).body.total).toBe(1);
});

test.each([
  ['wrong.txt', 'x', /ends neither/],
  ['empty.csv', '', /empty/],
  ['head.csv', 'display\nx', /name the column "code"/],
  ['flag.csv', 'code,inactive\nA,yes', /true or false/],
  ['wide.csv', 'code\nA,B', /2 fields/],
  ['bad.json', '{', /not JSON/],
  ['patient.json', '{"resourceType":"Patient"}', /not Patient/],
  ['bad-set.json', '{"resourceType":"ValueSet","url":"http://a","status":7}', /is not right at/],
])('%s is refused in words', async (name, content, message) => {
  await expect(load(name, content, header())).rejects.toThrow(message);
});

test('a CSV file without an address is refused', async () => {
  await expect(load('a.csv', 'code\nA', header({ url: undefined }))).rejects.toThrow(/--url/);
});
