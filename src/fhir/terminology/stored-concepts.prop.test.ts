import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { propertyNames } from './concept.ts';
import { beforeAll as first } from './concepts.ts';
import type { ConceptQuery, Condition } from './condition.ts';
import type { ConceptSource } from './hierarchy.ts';
import { createMemoryConcepts } from './memory-concepts.ts';
import { insertConceptSet, publishConceptSet } from './queries.ts';
import { createStoredConcepts } from './stored-concepts.ts';
import { writeConcepts } from './write-concepts.ts';

let pool: Pool;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 4, applicationName: 'stored-concepts' });
});

afterAll(async () => {
  await pool.end();
  await drop();
});

const names = propertyNames({});
const size = 40;
const code = fc.integer({ min: 0, max: size - 1 }).map((number) => (number % 2 ? `c${number}` : `C'\\${number}`));
const value = fc.constantFrom('red', "it's \\ odd", '颜色', 'true', 'x'.repeat(3_000));
const text = fc.constantFrom('Heart failure', '高血压', "d'or & | ! <-> (x):*", 'Fail 2', '');

const source = fc.record({
  display: fc.option(text, { nil: undefined }),
  definition: fc.option(text, { nil: undefined }),
  parents: fc.array(code, { maxLength: 3 }),
  values: fc.array(value, { maxLength: 2 }),
  isInactive: fc.boolean(),
  isAbstract: fc.boolean(),
});

function toSource(number: number, one: typeof source extends fc.Arbitrary<infer Value> ? Value : never): ConceptSource {
  const property = one.values.map((valueString) => ({ code: 'colour', valueString }));
  if (one.isInactive) property.push({ code: 'inactive', valueString: 'true' });
  if (one.isAbstract) property.push({ code: 'notSelectable', valueString: 'true' });
  const content = { property, ...(one.definition !== undefined && { definition: one.definition }) };
  const own = number % 2 ? `c${number}` : `C'\\${number}`;
  return { code: own, display: one.display, content, parents: one.parents };
}

/** Conditions by the place of concepts, not by their numbers, which differ between memory and table. */
type Asked = (numberOf: (place: number) => number) => Condition;

const place = fc.integer({ min: 0, max: size - 1 });
const condition: fc.Arbitrary<Asked> = fc.oneof(
  fc.tuple(place, fc.boolean()).map(
    ([at, orSelf]): Asked =>
      (numberOf) => ({ kind: 'below', number: numberOf(at), orSelf }),
  ),
  place.map(
    (at): Asked =>
      (numberOf) => ({ kind: 'child', number: numberOf(at) }),
  ),
  fc.array(place, { maxLength: 4 }).map(
    (places): Asked =>
      (numberOf) => ({ kind: 'among', numbers: places.map(numberOf) }),
  ),
  fc.array(value, { minLength: 1, maxLength: 2 }).map(
    (values): Asked =>
      () => ({ kind: 'property', code: 'colour', values }),
  ),
  fc.array(text, { minLength: 1, maxLength: 2 }).map(
    (values): Asked =>
      () => ({ kind: 'field', field: 'display', values }),
  ),
  fc
    .constantFrom<Condition>(
      { kind: 'leaf' },
      { kind: 'active' },
      { kind: 'selectable' },
      { kind: 'exists', code: 'colour' },
      { kind: 'pattern', code: 'code', matches: (one) => one.startsWith('c') },
    )
    .map(
      (one): Asked =>
        () =>
          one,
    ),
);
const negated: fc.Arbitrary<Asked> = fc.tuple(condition, fc.boolean()).map(
  ([one, isNegated]): Asked =>
    (numberOf) =>
      isNegated ? { kind: 'not', condition: one(numberOf) } : one(numberOf),
);
const query = fc.record({
  conditions: fc.array(negated, { maxLength: 3 }),
  words: fc.array(fc.constantFrom('hea', 'fail', '血', 'gaox', '2', "c'", 'zzz'), { maxLength: 2 }),
  skip: fc.integer({ min: 0, max: 5 }),
  limit: fc.integer({ min: 1, max: 50 }),
});

test('a table answers as memory does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(source, { minLength: size, maxLength: size }),
      fc.array(query, { minLength: 10, maxLength: 10 }),
      fc.boolean(),
      async (items, queries, isCaseSensitive) => {
        const sources = items.map((one, index) => toSource(index, one));
        const memory = createMemoryConcepts(sources, names, isCaseSensitive);
        const set = await insertConceptSet(pool, { rid: 1, resourceVersion: undefined, size });
        await writeConcepts(pool, set, sources, names);
        await publishConceptSet(pool, set.conceptSet, 1);
        const table = createStoredConcepts(pool, set, isCaseSensitive);
        for (const { conditions, words, skip, limit } of queries) {
          const forMemory: ConceptQuery = { words, conditions: conditions.map((one) => one((at) => at)) };
          const forTable: ConceptQuery = {
            words,
            conditions: conditions.map((one) => one((at) => set.firstNumber + at)),
          };
          const page = { after: first, skip, limit };
          const [expected, actual] = [await memory.select(forMemory, page), await table.select(forTable, page)];
          expect(actual.map((one) => one.code)).toEqual(expected.map((one) => one.code));
          expect(await table.count(forTable)).toBe(await memory.count(forMemory));
        }
        const codes = ['c1', 'C1', "C'\\2", "c'\\2", 'nothing'];
        const shown = (found: Awaited<ReturnType<typeof memory.find>>) =>
          found.map(
            (one) => one && [one.code, one.display, one.isInactive, one.isAbstract, one.hasChildren, one.content],
          );
        expect(shown(await table.find(codes))).toEqual(shown(await memory.find(codes)));
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);
