import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createStore, type Store } from '../store/index.ts';
import { createSearch, type Search, type TerminologySource } from './index.ts';

const loinc = 'http://loinc.org';
/** A code is below those that it begins with. */
const codes = ['8', '83', '8302', '8302-2', '8480-6', '9'];
const fewMembers = ['8302-2', '9'].map((code) => ({ system: loinc, code }));
const manyMembers = [...Array(3000).keys()].map((code) => ({ system: loinc, code: `${code}` }));

const terminology: TerminologySource = {
  async membersOf(valueSet) {
    if (valueSet === 'http://a.org/few') return fewMembers;
    if (valueSet === 'http://a.org/many') return [...manyMembers, ...fewMembers];
    if (valueSet === 'http://a.org/genders')
      return [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'male' }];
    return undefined;
  },
  async descendants(system, code) {
    return system === loinc && codes.includes(code) ? codes.filter((other) => other.startsWith(code)) : undefined;
  },
  async ancestors(system, code) {
    return system === loinc && codes.includes(code) ? codes.filter((other) => code.startsWith(other)) : undefined;
  },
};

let pool: Pool;
let store: Store;
let search: Search;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  ({ drop } = database);
  pool = createPool(database.connectionString, { max: 3, applicationName: 'expand' });
  store = createStore({ pool, sidePool: pool, now: Date.now });
  search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir', terminology });
  const place = (id: string, above?: string): JsonObject => ({
    resourceType: 'Location',
    id,
    ...(above && { partOf: { reference: `Location/${above}` } }),
  });
  await write(
    ...codes.map((code) => ({
      resourceType: 'Observation',
      id: `o${code}`,
      status: 'final',
      code: { coding: [{ system: loinc, code }] },
    })),
    { resourceType: 'Observation', id: 'uncoded', status: 'final', code: { text: '8302-2' } },
    { resourceType: 'Observation', id: 'other', status: 'final', code: { coding: [{ system: 'urn:x', code: '9' }] } },
    { resourceType: 'Patient', id: 'he', gender: 'male' },
    { resourceType: 'Patient', id: 'she', gender: 'female' },
    place('campus'),
    place('house', 'campus'),
    place('ward', 'house'),
    place('ring', 'bracelet'),
    place('bracelet', 'ring'),
    ...['campus', 'house', 'ward', 'ring'].map((id) => ({
      resourceType: 'Encounter',
      id: `at-${id}`,
      status: 'finished',
      class: { code: 'AMB' },
      location: [{ location: { reference: `Location/${id}` } }],
    })),
  );
});

afterAll(async () => {
  await pool.end();
  await drop();
});

async function write(...resources: JsonObject[]): Promise<void> {
  await store.commit(
    resources.map((resource) => ({ type: `${resource.resourceType}`, id: `${resource.id}`, method: 2, resource })),
  );
}

async function idsOf(url: string): Promise<string[]> {
  const [type, query] = url.split('?');
  const parameters = [...new URLSearchParams(query)];
  const { matches, total } = await search.search({
    ...(type && { type }),
    parameters,
    handling: 'strict',
    restriction: undefined,
  });
  expect(total).toBe(matches.length);
  return matches.map(({ id }) => id).sort();
}

describe('a code', () => {
  it.each([
    ['Observation?code:in=http://a.org/few', ['o8302-2', 'o9']],
    ['Observation?code:in=http://a.org/many', ['o8', 'o83', 'o8302-2', 'o9']],
    ['Observation?code:not-in=http://a.org/few', ['o8', 'o83', 'o8302', 'o8480-6', 'other', 'uncoded']],
    ['Observation?code:below=http://loinc.org|83', ['o83', 'o8302', 'o8302-2']],
    ['Observation?code:above=http://loinc.org|8302', ['o8', 'o83', 'o8302']],
    ['Observation?code:below=http://loinc.org|8302,http://loinc.org|9', ['o8302', 'o8302-2', 'o9']],
    ['Patient?gender:in=http://a.org/genders', ['he']],
  ])('is found by what terminology says: %s', async (url, expected) => {
    expect(await idsOf(url)).toEqual([...expected].sort());
  });

  it.each([
    ['Observation?code:in=http://a.org/unknown', 'not-found', /value set .* not known/],
    ['Observation?code:below=http://loinc.org|zzz', 'not-found', /code .* not known/],
    ['Observation?code:below=8302', 'value', /\[system\]\|\[code\]/],
    ['Patient?identifier:in=http://a.org/few', 'not-supported', /codes/],
  ])('that terminology does not know is refused, not searched for: %s', async (url, code, diagnostics) => {
    await expect(idsOf(url)).rejects.toMatchObject({
      issues: [{ code, diagnostics: expect.stringMatching(diagnostics) }],
    });
  });

  it('cannot be expanded without terminology, whatever the handling', async () => {
    const bare = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
    const input = { type: 'Observation', parameters: [['code:in', 'http://a.org/few']] as const };
    for (const handling of ['strict', 'lenient'] as const) {
      await expect(bare.search({ ...input, handling, restriction: undefined })).rejects.toMatchObject({
        issues: [{ code: 'not-supported' }],
      });
    }
  });
});

describe('a place in a hierarchy', () => {
  it.each([
    ['Encounter?location:below=Location/campus', ['at-campus', 'at-house', 'at-ward']],
    ['Encounter?location:below=house', ['at-house', 'at-ward']],
    ['Encounter?location:above=Location/ward', ['at-campus', 'at-house', 'at-ward']],
    ['Encounter?location:below=Location/ring', ['at-ring']],
    ['Encounter?location:below=Location/nowhere', []],
    ['Location?partof:below=Location/campus', ['house', 'ward']],
    ['Location?partof:above=Location/ward', ['house', 'ward']],
  ])('is found with all that is above or below: %s', async (url, expected) => {
    expect(await idsOf(url)).toEqual(expected);
  });

  it('is refused where there is no hierarchy', async () => {
    await expect(idsOf('Encounter?subject:below=Patient/1')).rejects.toMatchObject({
      issues: [{ code: 'not-supported' }],
    });
  });
});
