import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { inTransaction } from '#lib/postgres/pool.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { compareWithFreshIndex } from '#testing/fresh-index.ts';
import { until } from '#testing/until.ts';
import { createImporter } from '../bulk/index.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ isWorking: true });
});

afterAll(async () => {
  await server.stop();
});

const strict = { prefer: 'handling=strict' };
const parameter = (code: string, members: object = {}) => ({
  resourceType: 'SearchParameter',
  url: `http://example.org/SearchParameter/${code}`,
  name: code.replaceAll('-', ''),
  status: 'active',
  description: `Searches by ${code}.`,
  code,
  base: ['Patient'],
  type: 'token',
  expression: 'Patient.maritalStatus',
  ...members,
});

const send = (code: string, members: object = {}) =>
  server.send('PUT', `/SearchParameter/${code}`, { ...parameter(code, members), id: code });

async function put(code: string, members: object = {}): Promise<void> {
  const answer = await send(code, members);
  expect(answer.status, answer.text).toBeLessThan(300);
}

async function ids(query: string): Promise<string[]> {
  const { status, body, text } = await server.get(query, strict);
  expect(status, text).toBe(200);
  return (body.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id).sort();
}

const isAnswered = (type: string, code: string) =>
  until(`${code} is answered`, async () => (await server.get(`/${type}?${code}:missing=true`, strict)).status === 200);

const isGone = () =>
  until('nothing is left to be done', async () => {
    const { rows } = await server.context.pool.query("select from fhir.search_parameter where state <> 'active'");
    return rows.length === 0;
  });

const patient = (id: string, members: object) =>
  server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id, ...members });
const married = { maritalStatus: { coding: [{ system: 'urn:ms', code: 'M', display: 'Married' }] } };
const race = (code: string) => ({
  extension: [{ url: 'urn:race', extension: [{ url: 'group', valueCoding: { system: 'urn:groups', code } }] }],
});

test('a search parameter finds what was there before it, and what was written since', async () => {
  await patient('before', married);
  await patient('other', {});
  await put('marital');
  await patient('since', married);
  await isAnswered('Patient', 'marital');
  expect(await ids('/Patient?marital=urn:ms|M')).toEqual(['before', 'since']);
  expect(await ids('/Patient?marital:text=marr')).toEqual(['before', 'since']);
  expect(await ids('/Patient?marital:missing=true')).toEqual(['other']);
  await patient('before', {});
  expect(await ids('/Patient?marital=M')).toEqual(['since']);
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
});

test('the papers show it while it is answered', async () => {
  const shown = async () => {
    const { body } = await server.get('/metadata');
    const types = body.rest[0].resource as { type: string; searchParam: { name: string; definition: string }[] }[];
    return types.find(({ type }) => type === 'Patient')?.searchParam.find(({ name }) => name === 'marital');
  };
  const described = async () => (await server.get('/openapi.json')).text.includes('"marital"');
  expect(await shown()).toMatchObject({ definition: 'http://example.org/SearchParameter/marital', type: 'token' });
  expect(await described()).toBe(true);
  await server.send('DELETE', '/SearchParameter/marital');
  await until('it is no longer shown', async () => !(await shown()) && !(await described()), 3000);
  const { status, text } = await server.get('/Patient?marital=M', strict);
  expect(status).toBe(400);
  expect(text).toContain('does not exist');
  await isGone();
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
  const { rows } = await server.context.pool.query('select from fhir.token_code where path >= 131072');
  expect(rows).toEqual([]);
});

test('extensions, dates, quantities, texts, references and pairs of them can be searched', async () => {
  await patient('x', {
    ...race('a'),
    contact: [{ organization: { reference: 'Organization/o' }, period: { start: '2020-05-01' } }],
  });
  await patient('y', race('b'));
  await server.send('PUT', '/Observation/q', {
    resourceType: 'Observation',
    id: 'q',
    status: 'final',
    code: { text: 'x' },
    referenceRange: [{ low: { value: 5, system: 'http://unitsofmeasure.org', code: 'mg' }, text: 'Normal' }],
  });
  const reference = { url: 'http://hl7.org/fhir/SearchParameter/' };
  await put('race', { expression: "Patient.extension('urn:race').extension('group').value.ofType(Coding)" });
  await put('known-since', { type: 'date', expression: 'Patient.contact.period' });
  await put('employer', { type: 'reference', expression: 'Patient.contact.organization', target: ['Organization'] });
  await put('low', { type: 'quantity', base: ['Observation'], expression: 'Observation.referenceRange.low' });
  await put('range-text', { type: 'string', base: ['Observation'], expression: 'Observation.referenceRange.text' });
  await put('range', {
    type: 'composite',
    base: ['Observation'],
    expression: 'Observation.referenceRange',
    component: [
      { definition: `${reference.url}Observation-value-quantity`, expression: 'low' },
      { definition: 'http://example.org/SearchParameter/employer', expression: 'extension.value.ofType(Reference)' },
    ],
  });
  for (const code of ['race', 'known-since', 'employer']) await isAnswered('Patient', code);
  for (const code of ['low', 'range-text', 'range']) await isAnswered('Observation', code);
  expect(await ids('/Patient?race=urn:groups|a')).toEqual(['x']);
  expect(await ids('/Patient?known-since=2021')).toEqual([]);
  expect(await ids('/Patient?known-since=ge2019')).toEqual(['x']);
  expect(await ids('/Patient?employer=Organization/o')).toEqual(['x']);
  expect(await ids('/Observation?low=0.005|http://unitsofmeasure.org|g')).toEqual(['q']);
  expect(await ids('/Observation?range-text=norm')).toEqual(['q']);
  await server.send('PUT', '/Organization/o', { resourceType: 'Organization', id: 'o', name: 'Clinic' });
  expect(await ids('/Patient?employer.name=clinic')).toEqual(['x']);
  expect(await ids('/Organization?_has:Patient:employer:race=a')).toEqual(['o']);
  expect(await ids('/Patient?race=a&_include=Patient:employer')).toEqual(['o', 'x']);
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
});

test('another definition takes the place of the one before, a new description changes no rows', async () => {
  await put('race', {
    expression: "Patient.extension('urn:race').extension('group').value.ofType(Coding)",
    description: 'New.',
  });
  expect(await ids('/Patient?race=a')).toEqual(['x']);
  await put('race', {
    type: 'uri',
    expression: "Patient.extension('urn:race').extension('group').value.ofType(Coding).system",
  });
  await isAnswered('Patient', 'race');
  expect(await ids('/Patient?race=urn:groups')).toEqual(['x', 'y']);
  await put('race', { status: 'retired' });
  await isGone();
  expect((await server.get('/Patient?race=urn:groups', strict)).status).toBe(400);
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
});

test('one that says what R4 says in other words is answered at once', async () => {
  await put('sex', { expression: 'Patient.gender' });
  await patient('f', { gender: 'female' });
  await until('it is known', async () => (await server.get('/Patient?sex=female', strict)).status === 200, 2000);
  expect(await ids('/Patient?sex=female')).toEqual(['f']);
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
});

test('transactions create them, too; a refused one fails alone in a batch', async () => {
  const entry = (code: string, members: object = {}) => ({
    request: { method: 'PUT', url: `SearchParameter/${code}` },
    resource: { ...parameter(code, members), id: code },
  });
  const bundle = { resourceType: 'Bundle', type: 'transaction', entry: [entry('t-1'), entry('t-2')] };
  expect((await server.send('POST', '/', bundle)).status).toBe(200);
  await isAnswered('Patient', 't-2');
  const bad = { ...bundle, entry: [entry('t-3'), entry('t-4', { expression: 'Patient.nothing' })] };
  expect((await server.send('POST', '/', bad)).status).toBe(422);
  expect((await server.get('/SearchParameter/t-3')).status).toBe(404);
  const batch = await server.send('POST', '/', { ...bad, type: 'batch' });
  const statuses = batch.body.entry.map((answered: { response: { status: string } }) => answered.response.status);
  expect(statuses[0]).toMatch(/^201/);
  expect(statuses[1]).toMatch(/^422/);
});

describe('is refused with what is wrong:', () => {
  const deep = `Patient${'.extension.value'.repeat(60)}`;
  it.each([
    ['a code of R4', { code: 'gender' }, 'code', 'gender'],
    ['a code of FHIR', { code: '_count' }, 'code', 'names with _'],
    ['no such element', { expression: 'Patient.nothing' }, 'expression', 'no element for'],
    ['a function that is not known', { expression: 'Patient.name.first()' }, 'expression', 'first()'],
    ['values of another type', { type: 'date', expression: 'Patient.gender' }, 'expression', 'type date'],
    ['another type of resource', { expression: 'Observation.code' }, 'expression', 'Patient'],
    ['no resource type', { base: ['Person', 'Persona'] }, undefined, 'Persona'],
    ['no expression', { expression: undefined }, undefined, 'expression'],
    ['millions of ways', { expression: deep }, 'expression', 'too many elements'],
    ['too long an expression', { expression: `Patient.name${' | Patient.name'.repeat(500)}` }, 'expression', '2000'],
    [
      'thousands of parentheses',
      { expression: `${'('.repeat(990)}Patient.x${')'.repeat(990)}` },
      'expression',
      'no element for',
    ],
    ['special parameters', { type: 'special' }, 'type', 'special'],
    ['the url of R4', { url: 'http://hl7.org/fhir/SearchParameter/individual-gender' }, 'url', 'individual-gender'],
    ['a composite of one part', { type: 'composite', component: [] }, undefined, 'component'],
  ])('%s', async (_name, members, element, words) => {
    const startedAt = performance.now();
    const { status, body, text } = await send('refused', members);
    expect(status, text).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).toContain(words);
    if (element) {
      expect(status).toBe(422);
      expect(body.issue[0].expression).toEqual([`SearchParameter.${element}`]);
    }
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect((await server.get('/SearchParameter/refused')).status).toBe(404);
  });

  it('the code or url of another one, also when both are written at once', async () => {
    await put('mine');
    expect((await send('other', { code: 'mine' })).text).toContain('SearchParameter/mine');
    expect((await send('other', { url: 'http://example.org/SearchParameter/mine' })).text).toContain(
      'SearchParameter/mine',
    );
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => send(id, { code: 'race-for', url: `urn:${id}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
  });
});

test('what is written after a definition in the same transaction is indexed, too', async () => {
  const { store, pool } = server.context;
  const id = 'within';
  const change = (type: string, resource: object) => ({
    ...{ type, id, method: 2 as const },
    resource: { ...resource, id } as { resourceType: string; id: string },
  });
  await inTransaction(pool, async (transaction) => {
    await store.write(transaction, [change('SearchParameter', parameter('within', { code: 'within' }))]);
    await store.write(transaction, [change('Patient', { resourceType: 'Patient', ...married })]);
  });
  await isAnswered('Patient', 'within');
  expect(await ids('/Patient?within=M')).toContain('within');
  await inTransaction(pool, async (transaction) => {
    await store.write(transaction, [{ type: 'SearchParameter', id, method: 3 }]);
    await store.write(transaction, [change('Patient', { resourceType: 'Patient', ...race('z') })]);
  });
  await isGone();
  expect(await compareWithFreshIndex(pool)).toEqual([]);
});

test('a component of a composite stays as long as that', async () => {
  const { status, text } = await server.send('DELETE', '/SearchParameter/employer');
  expect(status).toBe(422);
  expect(text).toContain('SearchParameter/range');
  expect(
    (await send('employer', { url: 'urn:other', type: 'reference', expression: 'Patient.link.other' })).status,
  ).toBe(422);
  expect(await ids('/Patient?employer=Organization/o')).toEqual(['x']);
});

test('an import creates them, and rejects those alone that cannot be', async () => {
  const { pool, store, search, validator } = server.context;
  const folder = mkdtempSync(join(tmpdir(), 'meridian-parameters-'));
  const path = join(folder, 'all.ndjson');
  const lines = [
    { ...parameter('imported'), id: 'imported' },
    { ...parameter('unknown', { expression: 'Patient.nothing' }), id: 'unknown' },
    { resourceType: 'Patient', id: 'imported', ...married },
  ];
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n'));
  const importer = createImporter({ pool, store, search, check: validator.checkAtOnce });
  const { rejected } = await importer.importFiles([path], { report: join(folder, 'report') });
  rmSync(folder, { recursive: true });
  expect(rejected).toBe(1);
  await isAnswered('Patient', 'imported');
  expect(await ids('/Patient?imported=M')).toContain('imported');
  expect(await compareWithFreshIndex(pool)).toEqual([]);
});

test('one of which a resource has too many values says so, and others are answered', async () => {
  const values = Array.from({ length: 70 }, (_, index) => ({ system: 'phone', value: `${index}` }));
  await patient('many', { identifier: values.map(({ value }) => ({ system: 'urn:i', value })), telecom: values });
  const r4 = 'http://hl7.org/fhir/SearchParameter/';
  await put('pairs', {
    type: 'composite',
    expression: 'Patient',
    component: [
      { definition: `${r4}Patient-identifier`, expression: 'identifier' },
      { definition: `${r4}individual-telecom`, expression: 'telecom' },
    ],
  });
  const { text } = await until('it is told', async () => {
    const answer = await server.get('/Patient?pairs=a$b', strict);
    return answer.text.includes('could not be indexed') && answer;
  });
  expect(text).toContain('fhir.index-parameter');
  const [job] = await server.context.jobs.list('fhir.index-parameter', 1);
  expect(job?.failure).toContain('Patient/many cannot be indexed');
  expect((await server.get('/Patient?gender=male', strict)).status).toBe(200);
  await patient('many', { identifier: [{ system: 'urn:i', value: '1' }], telecom: [{ system: 'phone', value: '2' }] });
  await server.send('POST', '/SearchParameter/pairs/$reindex');
  await isAnswered('Patient', 'pairs');
  expect(await ids('/Patient?pairs=urn:i|1$2')).toEqual(['many']);
});
