import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { Facts, type NaiveResource, NaiveSearch } from '#testing/naive-search.ts';
import { type WorldSearch, worldResource, worldSearch } from '#testing/search-world.ts';
import { resourceTypeOfNumber } from '../definitions/index.ts';
import { searchParameter, searchParametersOf } from '../indexing/index.ts';
import { createStore } from '../store/index.ts';
import { parseSearch } from './parse.ts';
import { type PlanLimits, planLimits } from './plan.ts';
import { createSearch, type Search } from './search.ts';

const baseUrl = 'http://127.0.0.1/fhir';
const registry = { find: searchParameter, ofType: searchParametersOf };

/** Each way to a page is taken with one of these, whatever the size of the world. */
const limits: PlanLimits[] = [
  planLimits,
  {
    fewLookups: 0,
    leastRead: 0,
    greatestRead: 1e9,
    leastHead: 0,
    mostTargets: 0,
    manyTargets: 1,
    mostKeys: 0,
    mostLeft: 1,
    mostTied: 0,
    mostBetween: 0,
  },
  {
    fewLookups: 0,
    leastRead: 7,
    greatestRead: 1e9,
    leastHead: 9,
    mostTargets: 2,
    manyTargets: 9,
    mostKeys: 2,
    mostLeft: 1,
    mostTied: 5,
    mostBetween: 2,
  },
  {
    fewLookups: 0,
    leastRead: 1e9,
    greatestRead: 1e9,
    leastHead: 1e9,
    mostTargets: 1e9,
    manyTargets: 1e9,
    mostKeys: 1e9,
    mostLeft: 1,
    mostTied: 1e6,
    mostBetween: 1e6,
  },
  {
    fewLookups: 1e9,
    leastRead: 0,
    greatestRead: 0,
    leastHead: 0,
    mostTargets: 0,
    manyTargets: 1,
    mostKeys: 0,
    mostLeft: 1,
    mostTied: 2,
    mostBetween: 1,
  },
];

let pool: Pool;
let drop: () => Promise<void>;
let naive: NaiveSearch;
let searches: Search[];

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 2, applicationName: 'search properties' });
  const store = createStore({ pool, sidePool: pool, now: Date.now });
  searches = limits.map((limit) => createSearch({ pool, baseUrl, limits: limit }));
  const resources = new Map<string, JsonObject>();
  for (const resource of fc.sample(worldResource, { numRuns: 700, seed: 20261125 })) {
    const { resourceType: type, id } = resource as { resourceType: string; id: string };
    if (id !== 'gone') resources.set(`${type}/${id}`, resource);
    // Many are written more than once, so that index rows of earlier versions must have gone.
    await store.commit([{ type, id, method: 2, resource }]);
    if (id === 'gone') await store.commit([{ type, id, method: 3 }]);
  }
  naive = new NaiveSearch(...(await readWorld(resources)));
}, 120_000);

afterAll(async () => {
  await pool.end();
  await drop();
});

async function readWorld(resources: Map<string, JsonObject>): Promise<[NaiveResource[], Map<string, number>]> {
  const { rows } = await pool.query('select rid, type, id, updated from fhir.resource');
  const rids = new Map<string, number>();
  const world: NaiveResource[] = [];
  for (const row of rows) {
    const type = resourceTypeOfNumber(row.type) ?? '';
    const rid = Number(row.rid);
    rids.set(`${type}/${row.id}`, rid);
    const resource = resources.get(`${type}/${row.id}`);
    if (resource)
      world.push({
        rid,
        type,
        id: row.id,
        updated: Number(row.updated),
        facts: Facts.of(resource, Number(row.updated)),
      });
  }
  return [world, rids];
}

const fail = (): never => {
  throw new Error('There is no such way');
};

/** All pages of a search, and the totals that they gave. */
async function turnPages(search: WorldSearch, find: Search['search']): Promise<{ names: string[]; totals: number[] }> {
  const names: string[] = [];
  const totals: number[] = [];
  let cursor: string | undefined;
  do {
    const parameters = [...search.parameters, ...(cursor === undefined ? [] : [['_cursor', cursor] as const])];
    const page = await find({ ...search, parameters, handling: 'strict', restriction: undefined });
    names.push(...page.matches.map(({ type, id }) => `${type}/${id}`));
    if (page.total !== undefined) totals.push(page.total);
    cursor = page.next;
  } while (cursor !== undefined && names.length < 2000);
  return { names, totals };
}

describe('a search', () => {
  it('finds what a look at every resource finds, in the same order, on whatever way', async () => {
    await fc.assert(
      fc.asyncProperty(worldSearch, fc.nat(limits.length - 1), async (search, way) => {
        const request = parseSearch(
          { ...search, handling: 'strict', restriction: undefined },
          { registry, baseUrl, now: Date.now() },
        );
        const expected = naive.find(request).map(({ type, id }) => `${type}/${id}`);
        const { names, totals } = await turnPages(search, searches[way]?.search ?? fail);
        expect(names).toEqual(expected);
        for (const total of totals) expect(total).toBe(expected.length);
      }),
      { numRuns: 400 },
    );
  }, 300_000);

  it('counts what a look at every resource finds', async () => {
    await fc.assert(
      fc.asyncProperty(worldSearch, fc.nat(limits.length - 1), async (search, way) => {
        const request = parseSearch(
          { ...search, handling: 'strict', restriction: undefined },
          { registry, baseUrl, now: Date.now() },
        );
        const find = searches[way]?.search ?? fail;
        for (const how of [['_summary', 'count'] as const, ['_total', 'accurate'] as const]) {
          const parameters = [...search.parameters, how];
          const { total } = await find({ ...search, parameters, handling: 'strict', restriction: undefined });
          expect(total).toBe(naive.find(request).length);
        }
      }),
      { numRuns: 150 },
    );
  }, 300_000);
});
