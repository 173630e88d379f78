import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createStore } from '../store/index.ts';
import { createSearch, type Search } from './index.ts';

let pool: Pool;
let search: Search;
let drop: () => Promise<void>;

const height = { coding: [{ system: 'http://loinc.org', code: '8302-2', display: 'Body height' }] };

beforeAll(async () => {
  const database = await createTestDatabase();
  ({ drop } = database);
  pool = createPool(database.connectionString, { max: 3, applicationName: 'filter' });
  const store = createStore({ pool, sidePool: pool, now: Date.now });
  search = createSearch({
    pool,
    baseUrl: 'http://127.0.0.1/fhir',
    terminology: {
      membersOf: async () => [{ system: 'http://loinc.org', code: '8302-2' }],
      descendants: async (_, code) => [code, '8302-2'],
      ancestors: async (_, code) => [code],
    },
  });
  const resources: JsonObject[] = [
    { resourceType: 'Patient', id: 'ann', name: [{ family: 'Smith', given: ['Ann, Mary'] }], birthDate: '1980-05-11' },
    { resourceType: 'Patient', id: 'bob', name: [{ family: 'Goldsmith', given: ['Bob'] }], gender: 'male' },
    { resourceType: 'Patient', id: 'cyd', name: [{ family: 'Šmith-Jones' }], birthDate: '1990', gender: 'female' },
    {
      resourceType: 'Observation',
      id: 'tall',
      subject: { reference: 'Patient/ann' },
      status: 'final',
      code: height,
      valueQuantity: quantity(190),
    },
    { resourceType: 'Observation', id: 'small', status: 'final', code: height, valueQuantity: quantity(90) },
    { resourceType: 'Observation', id: 'other', status: 'amended', code: { coding: [{ code: 'a,b|c' }] } },
    {
      resourceType: 'Encounter',
      id: 'stay',
      status: 'finished',
      class: {},
      period: { start: '2020-01', end: '2020-03' },
    },
    { resourceType: 'List', id: 'tallest', status: 'current', mode: 'working', entry: [item('Observation/tall')] },
    {
      resourceType: 'List',
      id: 'both',
      status: 'current',
      mode: 'working',
      entry: [item('Observation/tall'), item('Observation/small'), item('Patient/ann')],
    },
    { resourceType: 'ValueSet', id: 'v', status: 'active', url: 'http://a.org/v/1' },
  ];
  await store.commit(
    resources.map((resource) => ({ type: `${resource.resourceType}`, id: `${resource.id}`, method: 2, resource })),
  );
});

afterAll(async () => {
  await pool.end();
  await drop();
});

const quantity = (value: number) => ({ value, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' });
const item = (reference: string) => ({ item: { reference } });

async function idsOf(type: string, name: string, value: string): Promise<string[]> {
  const { matches } = await search.search({
    type,
    parameters: [[name, value]],
    handling: 'strict',
    restriction: undefined,
  });
  return matches.map(({ id }) => id).sort();
}

describe('_filter', () => {
  it.each([
    ['Patient', 'family eq smith', ['ann']],
    ['Patient', 'family ne smith', ['bob', 'cyd']],
    ['Patient', 'family sw "SMITH"', ['ann', 'cyd']],
    ['Patient', 'family ew smith', ['ann', 'bob']],
    ['Patient', 'family co smith', ['ann', 'bob', 'cyd']],
    ['Patient', 'given eq "Ann, Mary"', ['ann']],
    ['Patient', 'birthdate ge 1985', ['cyd']],
    ['Patient', 'birthdate pr true', ['ann', 'cyd']],
    ['Patient', 'birthdate pr false', ['bob']],
    ['Patient', 'gender eq male or gender eq female', ['bob', 'cyd']],
    ['Patient', 'not (gender pr true)', ['ann']],
    ['Patient', 'gender pr false or birthdate eq 1990 and family co jones', ['cyd']],
    ['Patient', 'gender pr false or (birthdate eq 1990 and family co jones)', ['ann', 'cyd']],
    ['Patient', '_id eq ann', ['ann']],
    ['Observation', 'code eq http://loinc.org|8302-2 and value-quantity gt 100', ['tall']],
    ['Observation', 'code co HEIGHT and value-quantity lt 1e2', ['small']],
    ['Observation', 'value-quantity eq "190|http://unitsofmeasure.org|cm"', ['tall']],
    ['Observation', 'code in http://a.org/heights', ['small', 'tall']],
    ['Observation', 'code ni http://a.org/heights', ['other']],
    ['Observation', 'code ss http://loinc.org|1', ['small', 'tall']],
    ['Observation', 'code eq "a,b\\\\|c"', ['other']],
    ['Observation', 'status ne final', ['other']],
    ['Observation', 'subject re Patient/ann', ['tall']],
    ['Observation', 'subject.family eq smith', ['tall']],
    ['Observation', 'subject:Patient.given sw ann and not (code eq 1)', ['tall']],
    ['Encounter', 'date po 2020-02', ['stay']],
    ['Encounter', 'date po 2020-04', []],
    ['Encounter', 'date eq 2020-02', []],
    ['ValueSet', 'url ss http://a.org', ['v']],
    ['ValueSet', 'url eq http://a.org/v/1', ['v']],
  ])('%s: %s', async (type, filter, expected) => {
    expect(await idsOf(type, '_filter', filter)).toEqual(expected);
  });

  it.each([
    ['name[given eq Ann].family eq Smith', 'not-supported'],
    ['birthdate co 1980', 'not-supported'],
    ['nonsense eq 1', 'not-supported'],
    ['birthdate eq yesterday', 'value'],
    ['family eq', 'value'],
  ])('is refused where it cannot be meant: %s', async (filter, code) => {
    await expect(idsOf('Patient', '_filter', filter)).rejects.toMatchObject({ issues: [{ code }] });
  });
});

describe('_list', () => {
  it.each([
    ['Observation', 'tallest', ['tall']],
    ['Observation', 'List/both', ['small', 'tall']],
    ['Observation', 'tallest,both', ['small', 'tall']],
    ['Patient', 'both', ['ann']],
    ['Encounter', 'both', []],
    ['Observation', 'nowhere', []],
  ])('finds the %s resources of %s', async (type, list, expected) => {
    expect(await idsOf(type, '_list', list)).toEqual(expected);
  });

  it('does not know lists by function', async () => {
    await expect(idsOf('Observation', '_list', '$current-problems')).rejects.toMatchObject({
      issues: [{ code: 'not-supported' }],
    });
  });
});
