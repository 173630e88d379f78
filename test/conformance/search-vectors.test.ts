import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSearch, type Search } from '#fhir/search/index.ts';
import { createStore, type Store } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { expectScores, type Score } from './scores.ts';

/**
 * Searches whose answers others wrote down: the table-driven tests of microsoft/fhir-server, over its resources.
 * A miss must be named, with its reason, in search-vectors-misses.json, which may only shrink.
 */
interface Vector {
  type: string;
  query: string;
  expect?: string[];
  expect_r4?: string[];
  agree?: boolean;
  skip?: string;
  /** The answer is a failure. */
  status?: number;
}

interface Suite {
  resources: (JsonObject & { resourceType: string; id: string })[];
  tests: Vector[];
}

const folder = new URL('../../../shared/data/fhir-search-vectors/ms-fhir-server/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere) process.stderr.write(`Skipped: the search vectors are not at ${folder.pathname}\n`);

const listed: Record<string, string> = JSON.parse(
  readFileSync(new URL('./search-vectors-misses.json', import.meta.url), 'utf8'),
);
const isKnownMiss = (name: string, { type, query }: Vector): boolean => `${name}: ${type}?${query}` in listed;

function readSuite(name: string): Suite {
  if (!isThere) return { resources: [], tests: [] };
  const suite: Suite = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
  return { ...suite, tests: suite.tests.filter(({ agree, skip }) => agree !== false && skip === undefined) };
}

function scoreOf(name: string): Score {
  const { tests } = readSuite(name);
  return [tests.filter((vector) => !isKnownMiss(name, vector)).length, tests.length];
}

const names = ['string', 'token', 'number', 'date', 'quantity', 'uri', 'reference', 'composite'];

describe.skipIf(!isThere)('search vectors of microsoft/fhir-server', () => {
  let pool: Pool;
  let store: Store;
  let search: Search;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const database = await createTestDatabase();
    drop = database.drop;
    pool = createPool(database.connectionString, { max: 4, applicationName: 'search-vectors' });
    store = createStore({ pool, sidePool: pool, now: Date.now });
    search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
  });

  afterAll(async () => {
    await pool.end();
    await drop();
  });

  const ask = async ({ type, query }: Vector): Promise<string[]> => {
    const parameters = [...new URLSearchParams(query.replaceAll('+', '%2B'))];
    const result = await search.search({
      ...(type && { type }),
      parameters,
      handling: 'strict',
      restriction: undefined,
    });
    return result.matches.map(({ id }) => id);
  };

  it('pass but for those that are listed', () => {
    expectScores('search-vectors', Object.fromEntries(names.map((name) => [name, scoreOf(name)])));
  });

  describe.each(names)('%s', (name) => {
    const suite = readSuite(name);

    beforeAll(async () => {
      await store.commit(
        suite.resources.map((resource) => ({ type: resource.resourceType, id: resource.id, method: 2, resource })),
      );
    });

    it.each(suite.tests)('$type?$query', async (vector) => {
      if (vector.status === 400) {
        await expect(ask(vector)).rejects.toThrow(Failure);
        return;
      }
      const wanted = vector.expect_r4 ?? vector.expect ?? [];
      if (isKnownMiss(name, vector)) {
        await expect(ask(vector).then((ids) => ids.sort())).resolves.not.toEqual([...wanted].sort());
      } else {
        expect((await ask(vector)).sort()).toEqual([...wanted].sort());
      }
    });
  });
});
