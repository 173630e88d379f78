import { afterAll, beforeAll, expect, test } from 'vitest';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { type DataCategories, loadDataCategories } from './load.ts';

let server: TestServer;
let categories: DataCategories;
let later = 0;

const icd = 'http://hl7.org/fhir/sid/icd-10';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const concept = (system: string, code: string) => ({ coding: [{ system, code }] });
const about = { reference: 'Patient/p' };

beforeAll(async () => {
  server = await startTestServer();
  await server.send('PUT', '/Patient/p', { resourceType: 'Patient', id: 'p' });
  const conditions = { a: 'E11.9', b: 'E11.900x001', c: 'E15', d: 'I10', e: 'E1', f: 'F20.9' };
  for (const [id, code] of Object.entries(conditions)) {
    const meta = code.startsWith('F') ? { meta: { security: [{ system: actCode, code: 'PSY' }] } } : {};
    await put('Condition', id, { ...meta, subject: about, code: concept(icd, code) });
  }
  await put('Observation', 'hba1c', {
    status: 'final',
    subject: about,
    code: concept('http://loinc.org', '4548-4'),
    category: [concept('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory')],
  });
  await put('Immunization', 'i', {
    occurrenceDateTime: '2020',
    status: 'completed',
    patient: about,
    vaccineCode: concept('urn:x', 'y'),
  });
  const { pool, search } = server.context;
  categories = await loadDataCategories({ pool, search, now: () => Date.now() + later });
});

afterAll(() => server.stop());

async function put(type: string, id: string, resource: object): Promise<void> {
  const { status, text } = await server.send('PUT', `/${type}/${id}`, { resourceType: type, id, ...resource });
  if (status >= 300) throw new Error(text);
}

async function found(code: string, type: string): Promise<string[]> {
  const category = categories.list.find((one) => one.code === code);
  if (!category) throw new Error(`no category ${code}`);
  const { matches } = await server.context.search.search({
    type,
    parameters: [],
    handling: 'strict',
    restriction: () => categories.conditionOf(category.number, type),
  });
  return matches.map(({ id }) => id).sort();
}

test('a block of diagnoses covers what begins with one of its categories, Chinese extensions included', async () => {
  expect(await found('diabetes', 'Condition')).toEqual(['a', 'b']);
  expect(await found('hypertension', 'Condition')).toEqual(['d']);
});

test('a category of all types is all of it, others hold nothing of what they do not name', async () => {
  expect(await found('everything', 'Condition')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(await found('immunisation', 'Immunization')).toEqual(['i']);
  expect(await found('immunisation', 'Condition')).toEqual([]);
  expect(await found('laboratory', 'Observation')).toEqual(['hba1c']);
  expect(await found('diabetes', 'Observation')).toEqual(['hba1c']);
  expect(await found('mental-health', 'Condition')).toEqual(['f']);
});

test('a code that comes in later belongs to its category, too', async () => {
  await put('Condition', 'late', { subject: about, code: concept(icd, 'E13.7') });
  await categories.refresh();
  expect(await found('diabetes', 'Condition')).toEqual(['a', 'b', 'late']);
});

test('after a quiet time, the first who asks waits for what came in meanwhile', async () => {
  await put('Condition', 'quiet', { subject: about, code: concept(icd, 'E14.8') });
  later = 60_000;
  await Promise.all([categories.fresh(), categories.fresh()]);
  expect(await found('diabetes', 'Condition')).toEqual(['a', 'b', 'late', 'quiet']);
});

test('numbers in the database are those of the content, and those of types in the migration are those of R4', async () => {
  const { rows } = await server.context.pool.query('select code, number from access.data_category order by number');
  expect(rows).toEqual(categories.list.map(({ code, number }) => ({ code, number })));
  for (const type of [
    'Practitioner',
    'Organization',
    'PractitionerRole',
    'CareTeam',
    'Location',
    'HealthcareService',
    'Patient',
    'RelatedPerson',
    'Device',
  ]) {
    const { rows: numbers } = await server.context.pool.query('select access.party_type($1) as number', [type]);
    expect([type, numbers[0].number]).toEqual([type, resourceTypeNumber(type)]);
  }
});

test('a number that has changed is refused', async () => {
  const { pool, search } = server.context;
  await pool.query(`update access.data_category set number = 60 where code = 'diabetes'`);
  await expect(loadDataCategories({ pool, search, now: Date.now })).rejects.toThrow(/diabetes/);
  await pool.query(`update access.data_category set number = 1 where code = 'diabetes'`);
});
