import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createStore, type Store } from '../store/index.ts';
import { createSearch, type Search } from './search.ts';

const ucum = 'http://unitsofmeasure.org';
let pool: Pool;
let store: Store;
let search: Search;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 2, applicationName: 'composites' });
  store = createStore({ pool, sidePool: pool, now: Date.now });
  search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
});

afterAll(async () => {
  await pool.end();
  await drop();
});

const put = (type: string, id: string, elements: JsonObject): Promise<unknown> =>
  store.commit([{ type, id, method: 2, resource: { resourceType: type, id, ...elements } }]);

const concept = (code: string): JsonObject => ({ coding: [{ system: 'http://loinc.org', code }] });
const quantity = (value: number, code: string): JsonObject => ({ value, system: ucum, code });
const measured = (id: string, code: string, valueQuantity: JsonObject): Promise<unknown> =>
  put('Observation', id, { status: 'final', code: concept(code), valueQuantity });

async function find(type: string, ...parameters: [string, string][]): Promise<string[]> {
  const { matches } = await search.search({ type, parameters, handling: 'strict', restriction: undefined });
  return matches.map(({ id }) => id).sort();
}

describe('composites', () => {
  beforeAll(async () => {
    await put('Observation', 'pressure', {
      status: 'final',
      code: concept('85354-9'),
      component: [
        { code: concept('8480-6'), valueQuantity: quantity(120, 'mm[Hg]') },
        { code: concept('8462-4'), valueQuantity: quantity(80, 'mm[Hg]') },
      ],
    });
    await measured('glucose', '2339-0', quantity(90, 'mg/dL'));
  });

  it('hold in one and the same element', async () => {
    const name = 'component-code-value-quantity';
    expect(await find('Observation', [name, '8480-6$120'])).toEqual(['pressure']);
    expect(await find('Observation', [name, '8480-6$80'])).toEqual([]);
    expect(await find('Observation', [name, '8462-4$lt100|http://unitsofmeasure.org|mm[Hg]'])).toEqual(['pressure']);
    expect(await find('Observation', [name, '8480-6$80,8462-4$80'])).toEqual(['pressure']);
    expect(await find('Observation', ['combo-code-value-quantity', 'http://loinc.org|$gt85'])).toEqual([
      'glucose',
      'pressure',
    ]);
  });

  it('are found in other units', async () => {
    expect(await find('Observation', ['combo-code-value-quantity', `8480-6$16.0|${ucum}|kPa`])).toEqual(['pressure']);
    expect(await find('Observation', ['code-value-quantity', `2339-0$ge0.9|${ucum}|g/L`])).toEqual(['glucose']);
    expect(await find('Observation', ['code-value-quantity', `2339-0$gt0.9|${ucum}|g/L`])).toEqual([]);
  });

  it('can be denied, and be missing', async () => {
    expect(await find('Observation', ['code-value-quantity:missing', 'true'])).toEqual(['pressure']);
    expect(await find('Observation', ['component-code-value-quantity:missing', 'false'])).toEqual(['pressure']);
    expect(await find('Observation', ['code-value-quantity:not', '2339-0$gt1'])).toEqual(['pressure']);
  });

  it('follow what is written, and what is deleted', async () => {
    await measured('moving', '1-8', quantity(1, 'kg'));
    expect(await find('Observation', ['code-value-quantity', '1-8$1'])).toEqual(['moving']);
    await measured('moving', '1-8', quantity(2, 'kg'));
    expect(await find('Observation', ['code-value-quantity', '1-8$1'])).toEqual([]);
    await put('Observation', 'moving', { status: 'final', code: concept('1-8'), valueCodeableConcept: concept('x') });
    expect(await find('Observation', ['code-value-quantity', '1-8$2'])).toEqual([]);
    expect(await find('Observation', ['code-value-concept', '1-8$x'])).toEqual(['moving']);
    await store.commit([{ type: 'Observation', id: 'moving', method: 3 }]);
    expect(await find('Observation', ['code-value-concept', '1-8$x'])).toEqual([]);
    const { rows } = await pool.query('select count(*) as left from fhir.composite_key');
    expect(Number(rows[0].left)).toBe(0);
  });

  it('find references to what is written later', async () => {
    const relatesTo = [{ code: 'replaces', target: { reference: 'DocumentReference/late' } }];
    await put('DocumentReference', 'first', { status: 'current', relatesTo });
    await put('DocumentReference', 'late', { status: 'current' });
    expect(await find('DocumentReference', ['relationship', 'DocumentReference/late$replaces'])).toEqual(['first']);
    expect(await find('DocumentReference', ['relationship', 'late$appends'])).toEqual([]);
  });

  it.each([
    ['8480-6', /write \[code\]\$\[value-quantity\]/],
    ['8480-6$1$2', /write \[code\]/],
    ['$5', /write \[code\]/],
    ['8480-6$', /write \[code\]/],
    ['8480-6$high', /"high" is not a number/],
  ])('%s is refused, and it is said how to write it', async (value, message) => {
    const asked = find('Observation', ['code-value-quantity', value]);
    await expect(asked).rejects.toThrow(Failure);
    await expect(asked).rejects.toThrow(message);
  });

  it('may have many alternatives, but not any number', async () => {
    const alternatives = (count: number): string =>
      Array.from({ length: count }, (_, index) => `c${index}$1`).join(',');
    expect(await find('Observation', ['combo-code-value-quantity', `${alternatives(199)},8480-6$120`])).toEqual([
      'pressure',
    ]);
    await expect(find('Observation', ['code-value-quantity', alternatives(201)])).rejects.toThrow(/at most 200/);
  });

  it('of an element with thousands of codes and values are refused, not cut', async () => {
    const coding = Array.from({ length: 101 }, (_, index) => ({ code: `c${index}` }));
    const resource = { status: 'final', code: { coding }, valueCodeableConcept: { coding } };
    await expect(put('Observation', 'huge', resource)).rejects.toThrow(/101 times 101 codes and values/);
    await put('Observation', 'large', { ...resource, valueCodeableConcept: { coding: coding.slice(2) } });
    expect(await find('Observation', ['code-value-concept', 'c100$c99'])).toEqual(['large']);
  });

  it('of a resource with a hundred thousand of them are refused', async () => {
    const coding = Array.from({ length: 100 }, (_, index) => ({ code: `c${index}` }));
    const component = Array.from({ length: 11 }, () => ({ code: { coding }, valueCodeableConcept: { coding } }));
    const resource = { status: 'final', code: concept('x'), component };
    await expect(put('Observation', 'huge', resource)).rejects.toThrow(/more than 100000 combinations/);
  });

  it('do not keep from deletion what was stored when nobody counted them', async () => {
    const coding = Array.from({ length: 101 }, (_, index) => ({ code: `c${index}` }));
    await put('Observation', 'old', { status: 'final', code: { coding: coding.slice(1) } });
    const content = { resourceType: 'Observation', id: 'old', code: { coding }, valueCodeableConcept: { coding } };
    await pool.query(`update fhir.resource set content = $1 where id = 'old'`, [JSON.stringify(content)]);
    await store.commit([{ type: 'Observation', id: 'old', method: 3 }]);
    expect(await find('Observation', ['_id', 'old'])).toEqual([]);
  });

  it('take values that contain the signs that divide them', async () => {
    const coding = [{ system: 'urn:a|b', code: 'x$y,z' }];
    await put('Observation', 'signs', { status: 'final', code: { coding }, valueString: 'a$b,c|d' });
    expect(await find('Observation', ['code-value-string', 'urn:a\\|b|x\\$y\\,z$a\\$b\\,c\\|D'])).toEqual(['signs']);
  });
});

describe('quantities', () => {
  beforeAll(async () => {
    await measured('pounds', '29463-7', quantity(154.3, '[lb_av]'));
    await measured('kilos', '29463-7', quantity(70, 'kg'));
    await measured('grams', '29463-7', quantity(70_000, 'g'));
    await measured('fever', '8310-5', quantity(98.6, '[degF]'));
    await measured('warm', '8310-5', quantity(37, 'Cel'));
    await measured('score', '9269-2', quantity(15, '{score}'));
    await measured('none', '9269-2', { value: 70, unit: 'kg' });
  });

  const asked = (value: string): Promise<string[]> => find('Observation', ['value-quantity', value]);

  it('are found in any unit of the same dimension', async () => {
    expect(await asked(`70|${ucum}|kg`)).toEqual(['grams', 'kilos', 'pounds']);
    expect(await asked(`ge70|${ucum}|kg`)).toEqual(['grams', 'kilos']);
    expect(await asked(`154.3|${ucum}|[lb_av]`)).toEqual(['grams', 'kilos', 'pounds']);
    expect(await asked(`lt70.0|${ucum}|kg`)).toEqual(['pounds']);
  });

  it('of temperature are not in proportion', async () => {
    expect(await asked(`37|${ucum}|Cel`)).toEqual(['fever', 'warm']);
    expect(await asked(`98.6|${ucum}|[degF]`)).toEqual(['fever', 'warm']);
    expect(await asked(`ge98.6|${ucum}|[degF]`)).toEqual(['fever', 'warm']);
    expect(await asked(`310.15|${ucum}|K`)).toEqual(['fever', 'warm']);
  });

  it('match by the written number when no unit is asked for', async () => {
    expect(await asked('70')).toEqual(['kilos', 'none']);
    expect(await asked('70||kg')).toEqual(['kilos', 'none']);
  });

  it('with a note or no UCUM code are equal to themselves alone', async () => {
    expect(await asked(`15|${ucum}|{score}`)).toEqual(['score']);
    expect(await asked(`15|${ucum}|1`)).toEqual([]);
    expect(await asked(`15|${ucum}|no unit`)).toEqual([]);
  });

  it('in units that nobody means do not get in the way of others', async () => {
    for (const code of ['10*99.kg', '10*-99.kg', '10*39.kg', '10*-39.kg', '10*300.kg']) {
      await measured(`odd${code.replace(/[^0-9]/g, '')}`, '1-8', quantity(1e300, code));
    }
    expect(await asked(`70|${ucum}|kg`)).toEqual(['grams', 'kilos', 'pounds']);
    expect(await asked(`1e300|${ucum}|10*300.kg`)).toEqual(['odd10300']);
  });

  it.each(['1e999', '-1e999', '1e-999', '9e300', '0'])('the number %s breaks nothing', async (number) => {
    for (const prefix of ['', 'gt', 'lt', 'ap', 'ne']) {
      await expect(asked(`${prefix}${number}|${ucum}|[lb_av]`)).resolves.toEqual(expect.any(Array));
      await expect(asked(`${prefix}${number}|${ucum}|10*30.[degF]`)).resolves.toEqual(expect.any(Array));
    }
  });
});

describe('near', () => {
  beforeAll(async () => {
    const places: Record<string, [number, number]> = {
      turin: [45.07, 7.69],
      milan: [45.464, 9.19],
      east: [-17, 179.99],
      west: [-17, -179.99],
      pole: [90, 0],
      besidePole: [89.99, 135],
    };
    for (const [id, [latitude, longitude]] of Object.entries(places)) {
      await put('Location', id, { position: { latitude, longitude } });
    }
    await put('Location', 'nowhere', { name: 'Nowhere' });
  });

  const near = (value: string): Promise<string[]> => find('Location', ['near', value]);

  it('measures by great circle, in kilometres or a unit of length', async () => {
    expect(await near('45.07|7.69|124')).toEqual(['turin']);
    expect(await near('45.07|7.69|126|km')).toEqual(['milan', 'turin']);
    expect(await near('45.07|7.69|126000|m')).toEqual(['milan', 'turin']);
    expect(await near('45.07|7.69|78|[mi_us]')).toEqual(['milan', 'turin']);
    expect(await near('45.07|7.69|77|[mi_us]')).toEqual(['turin']);
    expect(await near('45.08|7.70')).toEqual(['turin']);
    expect(await near('45.07|7.69|0')).toEqual(['turin']);
  });

  it('knows no date line, and no corner at the poles', async () => {
    expect(await near('-17|180|2')).toEqual(['east', 'west']);
    expect(await near('-17|-180|2')).toEqual(['east', 'west']);
    expect(await near('90|-77|2')).toEqual(['besidePole', 'pole']);
    expect(await near('89.999|-45|2')).toEqual(['besidePole', 'pole']);
  });

  it('reaches round the earth', async () => {
    expect(await near('0|0|20016')).toHaveLength(6);
    expect(await near('0|0|1e6')).toHaveLength(6);
    expect(await find('Location', ['near:missing', 'true'])).toEqual(['nowhere']);
  });

  it.each(['', '45', '91|0|1', '0|181|1', '0|0|-1', '0|0|1|kg', '0|0|1|miles', 'a|b', '0|0|1|km|x'])(
    'refuses %j',
    async (value) => {
      await expect(near(value)).rejects.toThrow(Failure);
    },
  );

  it('can be chained', async () => {
    await put('Encounter', 'there', {
      status: 'finished',
      class: { code: 'AMB' },
      location: [{ location: { reference: 'Location/turin' } }],
    });
    expect(await find('Encounter', ['location.near', '45.08|7.7|10'])).toEqual(['there']);
  });
});
