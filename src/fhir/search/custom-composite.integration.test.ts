import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import type { SearchParameterModel } from '../definitions/index.ts';
import {
  compileExtractor,
  findDefinition,
  firstCustomPath,
  normaliseString,
  type PathNumbering,
  type PlannedParameter,
  pathName,
  planParameter,
  searchParameter,
  searchParametersOf,
} from '../indexing/index.ts';
import { rowColumns } from '../store/columns.ts';
import { Dictionary } from '../store/dictionary.ts';
import { createStore } from '../store/index.ts';
import { IndexRows } from '../store/index-rows.ts';
import { insertRows } from '../store/queries.ts';
import { countStatement, matchesStatement } from './count.ts';
import { parseSearch } from './parse.ts';
import { noStatistics } from './statistics.ts';

/** Composites that R4 does not have, planned at run time as custom search parameters will be. */
const r4 = 'http://hl7.org/fhir/SearchParameter/';
const composite = (code: string, base: string, ...component: [definition: string, expression: string][]) =>
  ({
    url: `urn:${code}`,
    code,
    type: 'composite',
    base: [base.split('.')[0] ?? ''],
    expression: base,
    component: component.map(([definition, expression]) => ({ definition: r4 + definition, expression })),
  }) satisfies SearchParameterModel;

const parameters: SearchParameterModel[] = [
  composite(
    'normal',
    'Observation.referenceRange',
    ['Observation-value-quantity', 'low'],
    ['Observation-value-quantity', 'high'],
  ),
  composite('who-when', 'Observation', ['Observation-subject', 'subject'], ['clinical-date', 'effective.as(dateTime)']),
  composite('named', 'ValueSet', ['conformance-url', 'url'], ['conformance-name', 'name']),
  composite('marked', 'Patient', ['Patient-identifier', 'identifier'], ['individual-gender', 'gender']),
];

const numbers = new Map<string, number>();
const numberOf: PathNumbering = (kind, expression) => {
  const name = pathName(kind, expression);
  const number = numbers.get(name) ?? firstCustomPath + numbers.size;
  numbers.set(name, number);
  return number;
};

const typeOf = ({ base }: SearchParameterModel): string => base[0] ?? '';
const planned = new Map<string, PlannedParameter>(
  parameters.map((parameter) => [parameter.code, planParameter(parameter, typeOf(parameter), numberOf)]),
);
const registry = {
  find: (type: string, code: string) => planned.get(code)?.plan ?? searchParameter(type, code),
  ofType: searchParametersOf,
};

const quantity = (value: number, code: string) => ({ value, system: 'http://unitsofmeasure.org', code });
const resources: JsonObject[] = [
  {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: '2024-03-01',
    referenceRange: [
      { low: quantity(70, 'mg/dL'), high: quantity(100, 'mg/dL') },
      { low: quantity(3, 'mmol/L'), high: quantity(5, 'mmol/L') },
    ],
  },
  { resourceType: 'ValueSet', id: 'v', status: 'active', url: 'http://a.org/v', name: 'Väter' },
  { resourceType: 'Patient', id: 'p', gender: 'female', identifier: [{ system: 'urn:mrn', value: '7' }] },
];

let pool: Pool;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 2, applicationName: 'custom composites' });
  const store = createStore({ pool, sidePool: pool, now: Date.now });
  for (const resource of resources) {
    const { resourceType: type, id } = resource as { resourceType: string; id: string };
    await store.commit([{ type, id, method: 2, resource }]);
  }
  await indexAgain();
});

afterAll(async () => {
  await pool.end();
  await drop();
});

/** Adds the rows of the custom parameters to the index. */
async function indexAgain(): Promise<void> {
  const dictionary = new Dictionary();
  const rows = new IndexRows(dictionary, normaliseString);
  const { rows: stored } = await pool.query('select rid, id from fhir.resource');
  const rids = new Map(stored.map(({ rid, id }) => [id as string, Number(rid)]));
  for (const resource of resources) {
    rows.begin(rids.get(resource.id as string) ?? 0);
    const own = parameters.filter((parameter) => typeOf(parameter) === resource.resourceType);
    compileExtractor(own.flatMap(({ code }) => planned.get(code) ?? []))(resource, rows);
  }
  await dictionary.flush(pool);
  const ridOfName = (name: string): number => rids.get(name.split('/')[1] ?? '') ?? 0;
  await insertRows(pool, rowColumns([], rows, rows.tokens, ridOfName, dictionary));
}

async function count(type: string, name: string, value: string): Promise<number> {
  const context = { registry, baseUrl: 'http://127.0.0.1/fhir', now: Date.now() };
  const request = parseSearch(
    { type, parameters: [[name, value]], handling: 'strict', restriction: undefined },
    context,
  );
  const { text, values } = countStatement(matchesStatement(request, noStatistics));
  const { rows } = await pool.query(text, [...values]);
  return Number(rows[0].total);
}

describe('a composite of', () => {
  it.each([
    ['gt60|http://unitsofmeasure.org|mg/dL$lt110|http://unitsofmeasure.org|mg/dL', 1],
    ['gt0.6|http://unitsofmeasure.org|g/L$lt1.1|http://unitsofmeasure.org|g/L', 1],
    ['70$100', 1],
    ['70$5', 0],
    ['3|http://unitsofmeasure.org|mmol/L$100|http://unitsofmeasure.org|mg/dL', 0],
  ])('two quantities: %s', async (value, expected) => {
    expect(await count('Observation', 'normal', value)).toBe(expected);
    expect(await count('Observation', 'normal:not', value)).toBe(1 - expected);
  });

  it.each([
    ['Patient/p$2024-03', 1],
    ['p$lt2024-04', 1],
    ['Patient/p$gt2024-04', 0],
    ['Patient/q$2024-03', 0],
  ])('a reference and a date: %s', async (value, expected) => {
    expect(await count('Observation', 'who-when', value)).toBe(expected);
  });

  it.each([
    ['http://a.org/v$vat', 1],
    ['http://a.org$vat', 0],
    ['http://a.org/v$mut', 0],
  ])('a uri and a string: %s', async (value, expected) => {
    expect(await count('ValueSet', 'named', value)).toBe(expected);
  });

  it.each([
    ['urn:mrn|7$female', 1],
    ['7$female', 1],
    ['urn:mrn|$female', 1],
    ['urn:ssn|7$female', 0],
    ['7$male', 0],
  ])('an identifier and a code: %s', async (value, expected) => {
    expect(await count('Patient', 'marked', value)).toBe(expected);
  });

  it('any of these can be missing', async () => {
    for (const { code, base } of parameters) {
      expect(await count(base[0] ?? '', `${code}:missing`, 'false')).toBe(1);
      expect(await count(base[0] ?? '', `${code}:missing`, 'true')).toBe(0);
    }
  });
});

describe('planParameter refuses a composite', () => {
  it.each([
    ['two texts', composite('bad', 'ValueSet', ['conformance-name', 'name'], ['conformance-name', 'title'])],
    ['one part', composite('bad', 'ValueSet', ['conformance-name', 'name'])],
    ['what it cannot know', composite('bad', 'ValueSet', ['nothing', 'name'], ['conformance-url', 'url'])],
    ['no such element', composite('bad', 'ValueSet', ['conformance-name', 'nmae'], ['conformance-url', 'url'])],
    ['values of another type', composite('bad', 'ValueSet', ['conformance-date', 'name'], ['conformance-url', 'url'])],
  ])('of %s', (_name, parameter) => {
    expect(() => planParameter(parameter, 'ValueSet', numberOf, findDefinition)).toThrow(Failure);
  });
});
