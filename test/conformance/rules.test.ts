import { describe, expect, test } from 'vitest';
import { createValidator, type Validator } from '#fhir/validation/index.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { hasSharedData, readLines } from './shared-data.ts';

/** A strict server stores all that HL7 and Synthea give as examples. */
const validator: Validator = createValidator({
  policy: { byDefault: 'strict', organisations: [] },
  definitions: { find: async () => new Map() },
  valueSets: undefined,
});

function refusalOf(resource: JsonObject): string | undefined {
  try {
    validator.checkAtOnce(resource);
    return undefined;
  } catch (error) {
    return `${resource.resourceType}/${resource.id}: ${(error as Error).message}`;
  }
}

const examples = 'fhir-r4-examples/examples.ndjson.gz';

describe.skipIf(!hasSharedData(examples))('the official R4 examples', () => {
  const resources = hasSharedData(examples) ? readLines(examples).map((line) => parseJson(line) as JsonObject) : [];

  test('can be stored, all of them', () => {
    expect(resources.length).toBeGreaterThan(700);
    expect(resources.flatMap((resource) => refusalOf(resource) ?? [])).toEqual([]);
  });

  test('that break their own definition are known, and warned of', async () => {
    const warned: string[] = [];
    for (const resource of resources) {
      const issues = await validator.validate(resource);
      const broken = issues.filter(
        ({ code, diagnostics }) => code === 'value' && diagnostics.includes('must refer to'),
      );
      if (broken.some(({ severity }) => severity === 'warning')) warned.push(`${resource.resourceType}/${resource.id}`);
    }
    expect(warned.sort()).toEqual([
      'DeviceMetric/example',
      'DeviceUseStatement/example',
      'MedicationRequest/medrx0301',
      'Observation/clinical-gender',
    ]);
  });
});

const synthea = 'synthea-r4/smart-2019-2021';
const files = [0, 1, 2, 3, 4, 5].map((number) => `${synthea}/bundles-${number}.ndjson.gz`);

/** Every 10th Bundle: of all 617 (191,093 resources) the same holds. */
const every = 10;

describe.skipIf(!hasSharedData(synthea))('the resources of Synthea', () => {
  test.each(files)('of %s can be stored', (file) => {
    const bundles = readLines(file).filter((_, index) => index % every === 0);
    const resources = bundles.flatMap((line) =>
      ((parseJson(line) as JsonObject).entry as JsonObject[]).map(({ resource }) => resource as JsonObject),
    );
    expect(resources.length).toBeGreaterThan(500);
    expect(resources.flatMap((resource) => refusalOf(resource) ?? [])).toEqual([]);
  });
});
