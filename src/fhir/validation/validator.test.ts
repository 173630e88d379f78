import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createValidator, type ValueSetSource } from './validator.ts';

const url = 'http://example.org/StructureDefinition/a';

const profile = (element: JsonObject): JsonObject => ({
  resourceType: 'StructureDefinition',
  url,
  type: 'Patient',
  derivation: 'constraint',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
  differential: { element: [element] },
});

/** A validator whose stored definitions and clock the test holds. */
function setUp(valueSets?: ValueSetSource) {
  const stored = new Map<string, JsonObject>();
  const asked: string[][] = [];
  let time = 0;
  const validator = createValidator({
    policy: { byDefault: 'strict', organisations: [] },
    definitions: {
      find: async (_, urls) => {
        asked.push([...urls]);
        return new Map(urls.flatMap((one) => (stored.has(one) ? [[one, stored.get(one) as JsonObject] as const] : [])));
      },
    },
    valueSets,
    now: () => time,
  });
  const claiming: JsonObject = { resourceType: 'Patient', meta: { profile: [url] } };
  const isRefused = async (resource: JsonObject = claiming): Promise<boolean> => {
    try {
      await validator.check(resource);
      return false;
    } catch {
      return true;
    }
  };
  return { stored, asked, validator, claiming, isRefused, pass: (ms: number) => (time += ms) };
}

describe('stored profiles', () => {
  test('count from when they are stored, changed and removed, ten seconds later at most', async () => {
    const { stored, isRefused, pass } = setUp();
    expect(await isRefused()).toBe(false);
    stored.set(url, profile({ path: 'Patient.name', min: 1 }));
    pass(10_001);
    expect(await isRefused()).toBe(true);
    stored.set(url, profile({ path: 'Patient.name', min: 0 }));
    expect(await isRefused()).toBe(true);
    pass(10_001);
    expect(await isRefused()).toBe(false);
    stored.set(url, profile({ path: 'Patient.name', min: 1 }));
    pass(10_001);
    expect(await isRefused()).toBe(true);
    stored.delete(url);
    pass(10_001);
    expect(await isRefused()).toBe(false);
  });

  test('that nobody knows are asked for once, and then not waited for', async () => {
    const { asked, validator, claiming } = setUp();
    await validator.check(claiming);
    expect(asked).toEqual([[url]]);
    expect(validator.check(claiming)).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test('and extensions are looked up together', async () => {
    const { asked, validator } = setUp();
    const extension = ['a', 'b', 'c'].map((name) => ({ url: `http://example.org/${name}`, valueCode: 'x' }));
    await validator.validate({ resourceType: 'Patient', extension });
    expect(asked).toEqual([extension.map((one) => one.url)]);
  });

  test('more of them than can be looked up are refused in words', async () => {
    const { validator } = setUp();
    const extension = Array.from({ length: 1200 }, (_, index) => ({
      url: `http://example.org/${index}`,
      valueCode: 'x',
    }));
    await expect(validator.validate({ resourceType: 'Patient', extension })).rejects.toThrow('1200 definitions');
  });
});

describe('codes that R4 does not enumerate', () => {
  const binding = { strength: 'required', valueSet: 'http://example.org/ValueSet/a' };
  const coded: JsonObject = {
    resourceType: 'Patient',
    meta: { profile: [url] },
    maritalStatus: { coding: [{ system: 's', code: 'a' }] },
  };

  test.each<[boolean | undefined, boolean]>([
    [true, false],
    [false, true],
    [undefined, false],
  ])('are asked of terminology: %s', async (answer, isRefusedThen) => {
    const { stored, isRefused } = setUp({ contains: async () => answer });
    stored.set(url, profile({ path: 'Patient.maritalStatus', binding }));
    expect(await isRefused(coded)).toBe(isRefusedThen);
  });

  test('are warned of where nobody knows them', async () => {
    const { stored, validator } = setUp();
    stored.set(url, profile({ path: 'Patient.maritalStatus', binding }));
    expect(await validator.validate(coded)).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'not-found', expression: 'Patient.maritalStatus' }),
    );
  });
});

test('what is let pass is known of the resource, and of no other', async () => {
  const validator = createValidator({
    policy: { byDefault: 'lenient', organisations: [] },
    definitions: { find: async () => new Map() },
    valueSets: undefined,
  });
  const resource: JsonObject = { resourceType: 'Patient', gender: 'x' };
  validator.checkAtOnce(resource);
  expect(validator.issuesOf(resource)).toHaveLength(1);
  expect(validator.issuesOf({ ...resource })).toEqual([]);
  expect(() => validator.checkAtOnce({ resourceType: 'Patient', nonsense: 1 })).toThrow('no element of Patient');
});

test('a large Bundle is validated in steps', async () => {
  const { validator } = setUp();
  const entry = Array.from({ length: 500 }, (_, index) => ({
    fullUrl: `http://example.org/Patient/${index}`,
    resource: { resourceType: 'Patient', id: String(index), gender: 'male' },
  }));
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  const issues = await validator.validate({ resourceType: 'Bundle', type: 'collection', entry });
  clearInterval(counting);
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(turns).toBeGreaterThan(0);
});
