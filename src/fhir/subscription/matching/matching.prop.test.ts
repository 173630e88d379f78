import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { worldResource, worldSearch } from '#testing/search-world.ts';
import { createSearch, type Search } from '../../search/index.ts';
import { createStore, method } from '../../store/index.ts';
import { anchorsIn, anchorsOf } from './anchors.ts';
import { matches, unwatchable } from './match-condition.ts';
import { ResourceFacts } from './resource-facts.ts';

let pool: Pool;
let drop: () => Promise<void>;
let search: Search;
const world = new Map<string, ResourceFacts>();

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 2, applicationName: 'matching properties' });
  const store = createStore({ pool, sidePool: pool, now: Date.now });
  search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
  for (const resource of fc.sample(worldResource, { numRuns: 500, seed: 20261126 }) as JsonObject[]) {
    const { resourceType: type, id } = resource as { resourceType: string; id: string };
    const [outcome] = await store.commit([{ type, id, method: method.put, resource }]);
    world.set(`${type}/${id}`, ResourceFacts.of(resource, outcome?.updated ?? 0));
  }
}, 120_000);

afterAll(async () => {
  await pool.end();
  await drop();
});

async function findAll(type: string, parameters: readonly (readonly [string, string])[]): Promise<string[]> {
  const found = await search.search({
    type,
    parameters: [...parameters, ['_count', '1000']],
    handling: 'strict',
    restriction: undefined,
  });
  if (found.next) throw new Error('The world is larger than a page');
  return found.matches.map((match) => `${match.type}/${match.id}`).sort();
}

let watched = 0;

it('decides in memory what a search finds, and its anchors lose nothing', async () => {
  await fc.assert(
    fc.asyncProperty(worldSearch, async ({ type, parameters }) => {
      if (type === undefined) return;
      const criteria = parameters.filter(([name]) => !/^_(sort|include|revinclude|count|total|summary)/.test(name));
      const { condition } = await search.parse({
        type,
        parameters: criteria,
        handling: 'strict',
        restriction: undefined,
      });
      if (unwatchable(condition) !== undefined) return;
      watched += 1;
      const inMemory = [...world].filter(([, facts]) => facts.type === type && matches(condition, facts));
      expect(inMemory.map(([name]) => name).sort()).toEqual(await findAll(type, criteria));
      const anchors = anchorsOf(condition);
      if (!anchors) return;
      for (const [, facts] of inMemory) {
        const has = new Set(anchorsIn(facts));
        expect(anchors.some((anchor) => has.has(anchor))).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
  expect(watched).toBeGreaterThan(300);
}, 120_000);
