import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { Facts, type NaiveResource, NaiveSearch } from '#testing/naive-search.ts';
import { type RandomSearch, RandomSearches } from '#testing/random-search.ts';
import { resourceTypeOfNumber } from '../definitions/index.ts';
import { createStore } from '../store/index.ts';
import { type PlanLimits, planLimits } from './plan.ts';
import { createSearch, type Search } from './search.ts';
import seeds from './synthea-search-seeds.json' with { type: 'json' };

/**
 * Random searches over Synthea, whose values are those of its resources, against a look at every resource: ids, order and
 * totals. MERIDIAN_ALL_DATA=1 makes 5,000 of them, over more patients. Seeds that once failed are kept and tried first.
 */
const file = new URL('../../../../shared/data/synthea-r4/smart-2019-2021/bundles-0.ndjson.gz', import.meta.url);
const isThere = existsSync(file);
if (!isThere) process.stderr.write(`Skipped: Synthea is not at ${file.pathname}\n`);

const isAllData = inject('isAllData');
const count = isAllData ? 5000 : 400;
/** The first two Bundles hold hospitals and practitioners, the others a patient each. */
const bundles = isAllData ? 14 : 6;

/** As the server goes, and as it goes where the better way fails. */
const ways: PlanLimits[] = [
  planLimits,
  {
    ...planLimits,
    fewLookups: 0,
    leastRead: 20,
    greatestRead: 100,
    leastHead: 25,
    mostTargets: 3,
    manyTargets: 10,
    mostTied: 3,
  },
];

let pool: Pool;
let searches: Search[];
let naive: NaiveSearch;
let random: RandomSearches;
let drop: () => Promise<void>;

/** `urn:uuid:` references become references to the resources of the Bundles. */
function readResources(): JsonObject[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n').slice(0, bundles);
  const entries = lines.flatMap((line) => JSON.parse(line).entry as { fullUrl: string; resource: JsonObject }[]);
  const names = new Map(entries.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]));
  const link = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(link);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        name === 'reference' && typeof item === 'string' ? (names.get(item) ?? item) : link(item),
      ]),
    );
  };
  const resources = entries.map(({ resource }) => link(resource) as JsonObject);
  return [...new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource])).values()];
}

async function readWorld(resources: readonly JsonObject[]): Promise<NaiveResource[]> {
  const { rows } = await pool.query('select rid, type, id, updated from fhir.resource where method not in (0, 3)');
  const byName = new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  return rows.map((row) => {
    const type = resourceTypeOfNumber(row.type) ?? '';
    const facts = Facts.of(byName.get(`${type}/${row.id}`) ?? {}, Number(row.updated));
    return { rid: Number(row.rid), type, id: row.id, updated: Number(row.updated), facts };
  });
}

beforeAll(async () => {
  if (!isThere) return;
  const database = await createTestDatabase();
  ({ drop } = database);
  pool = createPool(database.connectionString, { max: 2, applicationName: 'synthea searches' });
  const store = createStore({ pool, sidePool: pool, now: Date.now });
  const resources = readResources();
  for (let start = 0; start < resources.length; start += 500) {
    await store.commit(
      resources.slice(start, start + 500).map((resource) => ({
        type: `${resource.resourceType}`,
        id: `${resource.id}`,
        method: 2,
        resource,
      })),
    );
  }
  await pool.query('analyze');
  searches = ways.map((limits) => createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir', limits }));
  for (const search of searches) await search.refreshStatistics();
  const world = await readWorld(resources);
  const { rows } = await pool.query('select rid, type, id from fhir.resource');
  const rids = new Map(rows.map((row) => [`${resourceTypeOfNumber(row.type)}/${row.id}`, Number(row.rid)]));
  naive = new NaiveSearch(world, rids);
  random = new RandomSearches(world);
}, 600_000);

afterAll(async () => {
  await pool?.end();
  await drop?.();
});

/** All pages of a search, up to a bound, and the totals that they gave. */
async function turnPages(
  search: Search,
  { type, parameters }: RandomSearch,
): Promise<{ ids: string[]; totals: number[] }> {
  const ids: string[] = [];
  const totals: number[] = [];
  let cursor: string | undefined;
  do {
    const following = cursor === undefined ? [] : [['_cursor', cursor] as const];
    const page = await search.search({
      type,
      parameters: [...parameters, ...following],
      handling: 'strict',
      restriction: undefined,
    });
    ids.push(...page.matches.map(({ id }) => id));
    if (page.total !== undefined) totals.push(page.total);
    cursor = page.next;
  } while (cursor !== undefined && ids.length < 200);
  return { ids, totals };
}

async function compare(seed: string, search: Search): Promise<number> {
  const wanted = random.of(seed);
  const address = `${seed}: ${wanted.type}?${wanted.parameters.map((pair) => pair.join('=')).join('&')}`;
  const request = await search.parse({ ...wanted, handling: 'strict', restriction: undefined });
  const expected = naive.find(request).map(({ id }) => id);
  const { ids, totals } = await turnPages(search, wanted);
  expect(ids, address).toEqual(
    ids.length === expected.length ? expected : expected.slice(0, Math.max(ids.length, 200)),
  );
  const counted = await search.search({
    type: wanted.type,
    parameters: [...wanted.parameters, ['_summary', 'count']],
    handling: 'strict',
    restriction: undefined,
  });
  for (const total of [...totals, counted.total]) expect(total, address).toBe(expected.length);
  return expected.length;
}

describe.skipIf(!isThere)('searches of Synthea', () => {
  it.each(seeds.failed)('with the seed %s', async (seed) => {
    for (const search of searches) await compare(seed, search);
  });

  it(`find the same as a look at every resource: ${count} with the seed ${seeds.base}`, async () => {
    const found: number[] = [];
    for (let index = 0; index < count; index++) {
      const search = searches[index % searches.length];
      if (search) found.push(await compare(`${seeds.base} ${index}`, search));
    }
    const withMatches = found.filter((matches) => matches > 0).length;
    process.stdout.write(`${count} searches of Synthea agree, ${withMatches} of them with matches\n`);
    expect(withMatches).toBeGreaterThan(count / 2);
  }, 3_600_000);
});
