import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { compareWithFreshIndex } from '#testing/fresh-index.ts';
import { worldResource } from '#testing/search-world.ts';
import { createStore, type Store } from './index.ts';

let pool: Pool;
let store: Store;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 4, applicationName: 'world consistency' });
  store = createStore({ pool, sidePool: pool, now: Date.now });
});

afterAll(async () => {
  await pool.end();
  await drop();
});

const tables = ['composite_key', 'composite_range', 'composite_ranges', 'composite_string', 'position'];

test('whatever is written over what, the index of every kind of value holds what a fresh one would', async () => {
  const step = fc.record({ resource: worldResource, isDeleted: fc.boolean() });
  const filled = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), async (steps) => {
      for (const { resource, isDeleted } of steps) {
        const { resourceType: type, id } = resource as { resourceType: string; id: string };
        await store.commit([{ type, id, method: 2, resource }]);
        if (isDeleted) await store.commit([{ type, id, method: 3 }]);
      }
      expect(await compareWithFreshIndex(pool)).toEqual([]);
      for (const table of tables) {
        const { rows } = await pool.query(`select from fhir.${table} limit 1`);
        if (rows.length > 0) filled.add(table);
      }
    }),
    { numRuns: 8, seed: 20261125 },
  );
  expect([...filled].sort()).toEqual(tables);
}, 120_000);
