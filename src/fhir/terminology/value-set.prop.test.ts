import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { noBuiltIn } from './built-in.ts';
import { objectAt, objectsAt, textAt } from './element.ts';
import { contains } from './expand/contains.ts';
import { expandValueSet } from './expand/expand.ts';
import { Library } from './library.ts';
import { describeValueSet, Scope } from './scope.ts';
import { Settings } from './settings.ts';
import { prepareValueSet } from './validate/prepare.ts';
import { validateCode } from './validate/validate-code.ts';

/** Whatever a value set says, $expand, its pages, $validate-code and what validation asks must tell of the same members. */
let pool: Pool;
let drop: () => Promise<void>;
let library: Library;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 2, applicationName: 'value-set' });
  library = new Library(pool, noBuiltIn);
});

afterAll(async () => {
  await pool.end();
  await drop();
});

const systems = ['http://example.org/a', 'http://example.org/b'];
const codes = ['r', 's', 't', 'u', 'v'];
const code = fc.constantFrom(...codes);

const propertiesOf = (kind: string, isInactive: boolean, parent: string | undefined): JsonObject[] => [
  { code: 'kind', valueCode: kind },
  ...(isInactive ? [{ code: 'inactive', valueBoolean: true }] : []),
  ...(parent === undefined ? [] : [{ code: 'parent', valueCode: parent }]),
];

const codeSystem = (url: string): fc.Arbitrary<JsonObject> =>
  fc
    .array(
      fc.record({
        parent: fc.option(code, { nil: undefined }),
        isInactive: fc.boolean(),
        kind: fc.constantFrom('x', 'y'),
      }),
      {
        minLength: codes.length,
        maxLength: codes.length,
      },
    )
    .map(
      (items): JsonObject => ({
        resourceType: 'CodeSystem',
        url,
        status: 'active',
        content: 'complete',
        property: [{ code: 'kind', type: 'code' }],
        concept: items.map(({ parent, isInactive, kind }, index) => ({
          code: codes[index] ?? '',
          display: `Display ${index}`,
          property: propertiesOf(kind, isInactive, parent),
        })),
      }),
    );

const filter = fc.oneof(
  fc.record({
    property: fc.constant('concept'),
    op: fc.constantFrom('is-a', 'descendent-of', 'is-not-a', 'child-of', 'generalizes', 'descendent-leaf'),
    value: fc.oneof(code, fc.constant('nothing')),
  }),
  fc.record({
    property: fc.constant('kind'),
    op: fc.constantFrom('=', 'in', 'not-in'),
    value: fc.constantFrom('x', 'y', 'x,y'),
  }),
  fc.record({
    property: fc.constant('code'),
    op: fc.constantFrom('regex', '='),
    value: fc.constantFrom('[r-t]', 's', '.'),
  }),
  fc.record({ property: fc.constant('inactive'), op: fc.constant('='), value: fc.constantFrom('true', 'false') }),
);

const importOf = (number: number): string[] =>
  Array.from({ length: number }, (_, index) => `http://example.org/vs/${index}`);

/** A part of the value set of this number, which may import those before it. */
const part = (number: number): fc.Arbitrary<JsonObject> => {
  const system = fc.constantFrom(...systems);
  const named = fc.array(code, { minLength: 1, maxLength: 3 }).map((list) => list.map((one) => ({ code: one })));
  const own = fc.oneof(
    fc.record({ system }),
    fc.record({ system, concept: named }),
    fc.record({ system, filter: fc.array(filter, { minLength: 1, maxLength: 2 }) }),
  );
  if (number === 0) return own as fc.Arbitrary<JsonObject>;
  const valueSet = fc.array(fc.constantFrom(...importOf(number)), { minLength: 1, maxLength: 2 });
  return fc.oneof(
    own,
    fc.record({ valueSet }),
    fc.tuple(own, valueSet).map(([one, imports]) => ({ ...one, valueSet: imports })),
  ) as fc.Arbitrary<JsonObject>;
};

const valueSet = (number: number): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      include: fc.array(part(number), { minLength: 1, maxLength: 3 }),
      exclude: fc.array(part(number), { maxLength: 2 }),
      inactive: fc.constantFrom(undefined, false),
    })
    .map(({ include, exclude, inactive }) => ({
      resourceType: 'ValueSet',
      url: `http://example.org/vs/${number}`,
      status: 'active',
      compose: { include, exclude, ...(inactive === false && { inactive }) },
    }));

async function expanded(
  own: JsonObject[],
  parameters: Record<string, string>,
): Promise<{ total: unknown; codes: string[] }> {
  const scope = createScope(own);
  for (const [name, value] of Object.entries(parameters)) scope.settings.take(name, value, true);
  const { expansion } = await expandValueSet(scope, describeValueSet(own.at(-1) ?? {}, 'asked'), 1_000);
  const list = objectsAt(expansion as JsonObject, 'contains');
  return {
    total: objectAt({ expansion } as JsonObject, 'expansion')?.total,
    codes: list.map((one) => `${textAt(one, 'system')}#${textAt(one, 'code')}`),
  };
}

const createScope = (own: JsonObject[]): Scope => new Scope(library, new Settings(undefined), own);

test('expansion, pages, validation and membership agree', async () => {
  await fc.assert(
    fc.asyncProperty(
      codeSystem('http://example.org/a'),
      codeSystem('http://example.org/b'),
      valueSet(0),
      valueSet(1),
      valueSet(2),
      async (...own) => {
        const { total, codes: members } = await expanded(own, { excludeNested: 'true' });
        expect(total).toBe(members.length);
        expect(new Set(members).size).toBe(members.length);
        const pages: string[] = [];
        for (let offset = 0; offset < members.length + 2; offset += 2) {
          const page = await expanded(own, { count: '2', offset: String(offset), excludeNested: 'true' });
          expect(page.total).toBe(total);
          pages.push(...page.codes);
        }
        expect(pages).toEqual(members);
        const scope = createScope(own);
        const found = describeValueSet(own.at(-1) ?? {}, 'asked');
        const prepared = await prepareValueSet(scope, found, { unknownImport: (canonical) => new Error(canonical) });
        for (const system of systems) {
          for (const one of codes) {
            const isMember = members.includes(`${system}#${one}`);
            expect(await contains(scope, prepared, { system, version: undefined, code: one })).toBe(isMember);
            const coding = { system, version: undefined, code: one, display: undefined };
            const answer = await validateCode(scope, prepared, {
              mode: 'coding',
              codings: [coding],
              isOfCodeSystem: false,
            });
            const [result] = objectsAt(answer, 'parameter');
            expect(result, `${system}#${one}: ${JSON.stringify(answer)}`).toEqual({
              name: 'result',
              valueBoolean: isMember,
            });
          }
        }
      },
    ),
    { numRuns: 150 },
  );
}, 120_000);
