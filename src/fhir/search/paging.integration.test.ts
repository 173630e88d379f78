import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createStore, type Store } from '../store/index.ts';
import { createSearch, type Search } from './index.ts';

let pool: Pool;
let store: Store;
let search: Search;
let drop: () => Promise<void>;

const unchanging = 120;

/** Values repeat, and some are missing, so that pages end between equals. */
const observation = (id: string, number: number): JsonObject => ({
  resourceType: 'Observation',
  id,
  status: number % 3 === 0 ? 'final' : 'amended',
  code: { coding: [{ system: 'http://loinc.org', code: `${number % 4}` }] },
  subject: { reference: `Patient/${number % 3}` },
  identifier: [{ system: 'urn:x', value: id }],
  ...(number % 5 > 0 && { effectiveDateTime: `20${10 + (number % 7)}-01-01` }),
  ...(number % 2 > 0 && { valueQuantity: { value: number % 11 } }),
});

async function write(...resources: JsonObject[]): Promise<void> {
  await store.commit(
    resources.map((resource) => ({ type: `${resource.resourceType}`, id: `${resource.id}`, method: 2, resource })),
  );
}

beforeAll(async () => {
  const database = await createTestDatabase();
  ({ drop } = database);
  pool = createPool(database.connectionString, { max: 6, applicationName: 'paging' });
  store = createStore({ pool, sidePool: pool, now: Date.now });
  search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
  const all = [...Array(unchanging).keys()];
  await write(...all.map((number) => observation(`stays-${number}`, number)));
  await write(...all.map((number) => observation(`moves-${number}`, number)));
});

afterAll(async () => {
  await pool.end();
  await drop();
});

/** Creates, changes and deletes resources until it is told to stop; returns how many. */
async function disturb(signal: { isDone: boolean }, name: string): Promise<number> {
  let written = 0;
  while (!signal.isDone) {
    const number = written++ % unchanging;
    await write(observation(`moves-${number}`, number + written), observation(`new-${name}-${written}`, written));
    if (written % 2 === 0) await store.commit([{ type: 'Observation', id: `new-${name}-${written - 1}`, method: 3 }]);
  }
  return written;
}

async function turnPages(query: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const parameters = [...new URLSearchParams(query)] as [string, string][];
    if (cursor !== undefined) parameters.push(['_cursor', cursor]);
    const page = await search.search({ type: 'Observation', parameters, handling: 'strict', restriction: undefined });
    ids.push(...page.matches.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}

describe('pages that are turned while others write', () => {
  it.each([
    '_count=7',
    '_count=7&_sort=date',
    '_count=7&_sort=-date',
    '_count=7&_sort=code',
    '_count=7&_sort=-status,date',
    '_count=7&_sort=value-quantity',
    '_count=7&_sort=-value-quantity,code,-date',
    '_count=7&_sort=subject',
    '_count=7&_sort=-identifier,date',
    '_count=7&_sort=_id',
    '_count=7&_sort=_lastUpdated',
    '_count=7&code=1,2,3,0&_sort=-date',
    '_count=7&status:not=preliminary',
    '_count=7&patient:missing=false&_sort=-_lastUpdated',
  ])('show what stays as it is once and only once: %s', async (query) => {
    const signal = { isDone: false };
    const writers = [disturb(signal, 'a'), disturb(signal, 'b')];
    const ids = await turnPages(query).finally(() => {
      signal.isDone = true;
    });
    const written = await Promise.all(writers);
    expect(Math.min(...written)).toBeGreaterThan(0);
    const stayed = ids.filter((id) => id.startsWith('stays-'));
    expect(new Set(stayed).size).toBe(unchanging);
    expect(stayed).toHaveLength(unchanging);
  });
});
