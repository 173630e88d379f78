import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSearch, type Search } from '#fhir/search/index.ts';
import { createStore, type Store } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';

/**
 * Searches whose answers others wrote down: the table-driven tests of microsoft/fhir-server, over its resources.
 * A miss must be named, with its reason, in docs/reference/conformance.md; the list may only shrink.
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

const known = readFileSync(new URL('../../docs/reference/conformance.md', import.meta.url), 'utf8');
const isKnownMiss = (name: string, { type, query }: Vector): boolean => known.includes(`\`${name}: ${type}?${query}\``);

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
    const result = await search.search({ ...(type && { type }), parameters, handling: 'strict' });
    return result.matches.map(({ id }) => id);
  };

  describe.each(['string', 'token', 'number', 'date', 'quantity', 'uri', 'reference', 'composite'])('%s', (name) => {
    const suite: Suite = isThere
      ? JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
      : { resources: [], tests: [] };
    const vectors = suite.tests.filter(({ agree, skip }) => agree !== false && skip === undefined);

    beforeAll(async () => {
      await store.commit(
        suite.resources.map((resource) => ({ type: resource.resourceType, id: resource.id, method: 2, resource })),
      );
    });

    it(`has vectors: ${vectors.length}`, () => {
      expect(vectors.length).toBeGreaterThan(0);
    });

    it.each(vectors)('$type?$query', async (vector) => {
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
