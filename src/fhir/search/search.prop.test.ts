import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { Facts, type NaiveResource, NaiveSearch } from '#testing/naive-search.ts';
import { type WorldSearch, worldCriteria, worldResource, worldSearch } from '#testing/search-world.ts';
import { grantKey } from '../access/index.ts';
import { resourceTypeOfNumber } from '../definitions/index.ts';
import { searchParameter, searchParametersOf } from '../indexing/index.ts';
import { createStore } from '../store/index.ts';
import { openUnder } from './about-patient.ts';
import { any, type Condition, nothing } from './condition.ts';
import { parseSearch } from './parse.ts';
import { type PlanLimits, planLimits } from './plan.ts';
import type { Restriction } from './restriction.ts';
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
let world: NaiveResource[];
let rids: Map<string, number>;
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
  [world, rids] = await readWorld(resources);
  naive = new NaiveSearch(world, rids);
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
async function turnPages(
  search: WorldSearch,
  find: Search['search'],
  restriction?: Restriction,
): Promise<{ names: string[]; totals: number[]; included: string[] }> {
  const included: string[] = [];
  const names: string[] = [];
  const totals: number[] = [];
  let cursor: string | undefined;
  do {
    const parameters = [...search.parameters, ...(cursor === undefined ? [] : [['_cursor', cursor] as const])];
    const page = await find({ ...search, parameters, handling: 'strict', restriction });
    included.push(...page.included.map(({ type, id }) => `${type}/${id}`));
    names.push(...page.matches.map(({ type, id }) => `${type}/${id}`));
    if (page.total !== undefined) totals.push(page.total);
    cursor = page.next;
  } while (cursor !== undefined && names.length < 2000);
  return { names, totals, included };
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

/** What somebody may see of each type: all, nothing, or what a search, or a grant, opens. */
function randomRestriction(seed: number): Restriction {
  const draw = <Value>(arbitrary: fc.Arbitrary<Value>, offset: number): Value =>
    fc.sample(arbitrary, { numRuns: 1, seed: seed * 1000 + offset })[0] as Value;
  const conditions = new Map<string, Condition | undefined>();
  for (const [offset, type] of Object.keys(worldCriteria).entries()) {
    const kind = draw(fc.nat(9), offset);
    const query = draw(
      worldSearch.filter((search) => search.type === type),
      offset + 100,
    ).parameters.filter(([name]) => name !== '_sort' && name !== '_count');
    const meant = { type, parameters: query, handling: 'strict' as const, restriction: undefined };
    const { condition } = parseSearch(meant, { registry, baseUrl, now: Date.now() });
    const opened = openUnder(type, [grantKey(7, 1), grantKey(8, 2)], 500);
    conditions.set(type, kind < 2 ? undefined : kind === 2 ? nothing : kind < 6 ? condition : any([condition, opened]));
  }
  return (type) => (conditions.has(type) ? conditions.get(type) : nothing);
}

/** Some patients are open, some were or will be, some only for what is dated in a period. */
async function openSome(): Promise<void> {
  const patients = world.filter(({ type }) => type === 'Patient').map(({ rid }) => rid);
  for (const [index, rid] of patients.entries()) {
    const [low, high] = index % 4 === 0 ? [0, 400] : [0, 1000];
    const [dataLow, dataHigh] = index % 3 === 0 ? [0, 400_000_000_000_000] : [null, null];
    if (index % 5 === 4) continue;
    await pool.query('insert into fhir.access_grant values ($1, $2, $3, $4, $5, $6, $7)', [
      ...[String(grantKey(7 + (index % 2), 1 + (index % 2))), rid, index, low, high, dataLow, dataHigh],
    ]);
  }
}

describe('a search by somebody who may not see everything', () => {
  it('finds, counts and includes what it would if the rest did not exist', async () => {
    await openSome();
    let matches = 0;
    let hidden = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const restriction = randomRestriction(seed);
      const [search] = searches;
      const readable = (await search?.readable(pool, restriction, world)) ?? new Set();
      const rest = new NaiveSearch(
        world.filter(({ rid }) => readable.has(rid)),
        rids,
      );
      const names = new Set(world.filter(({ rid }) => readable.has(rid)).map(({ type, id }) => `${type}/${id}`));
      await fc.assert(
        fc.asyncProperty(worldSearch, fc.nat(limits.length - 1), async (wanted, way) => {
          const own = {
            ...wanted,
            parameters: [...wanted.parameters, ['_include', '*'], ['_revinclude', '*']] as const,
          };
          const request = parseSearch(
            { ...wanted, handling: 'strict', restriction: undefined },
            { registry, baseUrl, now: Date.now() },
          );
          const expected = rest.find(request).map(({ type, id }) => `${type}/${id}`);
          const found = await turnPages(own, searches[way]?.search ?? fail, restriction);
          expect(found.names).toEqual(expected);
          matches += expected.length;
          hidden += naive.find(request).length - expected.length;
          expect(found.included.filter((name) => !names.has(name))).toEqual([]);
          for (const total of found.totals) expect(total).toBe(expected.length);
          for (const how of [['_summary', 'count'] as const, ['_total', 'estimate'] as const]) {
            const parameters = [...wanted.parameters, how];
            const { total } =
              (await searches[way]?.search({ ...wanted, parameters, handling: 'strict', restriction })) ?? {};
            expect(total).toBe(expected.length);
          }
        }),
        { numRuns: 60, seed },
      );
    }
    expect(matches).toBeGreaterThan(1000);
    expect(hidden).toBeGreaterThan(1000);
  }, 300_000);
});
