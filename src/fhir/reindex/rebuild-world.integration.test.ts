import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resourceTypes } from '#fhir/definitions/index.ts';
import { indexTables } from '#fhir/store/queries.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { compareWithFreshIndex } from '#testing/fresh-index.ts';
import { worldResource } from '#testing/search-world.ts';
import { until } from '#testing/until.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ isWorking: true });
});

afterAll(async () => {
  await server.stop();
});

const ways = ['delete', 'repeat', 'move'] as const;
const damage = fc.record({
  table: fc.constantFrom(...indexTables),
  way: fc.constantFrom(...ways),
  every: fc.integer({ min: 1, max: 5 }),
});

/** Rows that are gone, there twice where a table takes that, or of another resource. */
async function harm({
  table,
  way,
  every,
}: {
  table: string;
  way: (typeof ways)[number];
  every: number;
}): Promise<void> {
  const { pool } = server.context;
  const some = `from fhir."${table}" where rid % ${every} = 0`;
  if (way === 'delete') await pool.query(`delete ${some}`);
  else if (way === 'repeat') await pool.query(`insert into fhir."${table}" select * ${some} on conflict do nothing`);
  else {
    await pool.query(`create temp table moved as select * ${some}; update moved set rid = rid + 1;
      insert into fhir."${table}" select * from moved on conflict do nothing; drop table moved`);
  }
}

async function rebuild(): Promise<void> {
  const { pool, jobs } = server.context;
  const id = await jobs.enqueue(pool, 'fhir.rebuild-index', { types: [...resourceTypes] });
  await until('the index is rebuilt', async () => (await jobs.read('fhir.rebuild-index', id))?.result, 20_000);
}

test('whatever happened to whichever table, a rebuilt index holds what a fresh one would', async () => {
  const { store, pool } = server.context;
  const step = fc.record({ resource: worldResource, isDeleted: fc.boolean() });
  const found = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 40, maxLength: 60 }),
      fc.array(damage, { minLength: 1, maxLength: 12 }),
      async (steps, damages) => {
        for (const { resource, isDeleted } of steps) {
          const { resourceType: type, id } = resource as { resourceType: string; id: string };
          await store.commit([{ type, id, method: 2, resource }]);
          if (isDeleted) await store.commit([{ type, id, method: 3 }]);
        }
        for (const each of damages) await harm(each);
        for (const difference of await compareWithFreshIndex(pool)) found.add(difference.split(':')[0] ?? '');
        await rebuild();
        expect(await compareWithFreshIndex(pool)).toEqual([]);
      },
    ),
    { numRuns: 12, seed: 20261125 },
  );
  expect(found.size).toBeGreaterThan(8);
}, 120_000);
