import { describe, expect, test } from 'vitest';
import { checkStructure, collectReferences } from '#fhir/validation/index.ts';
import { type JsonObject, parseJson, printJson } from '#lib/json/index.ts';
import { hasSharedData, readLines } from './shared-data.ts';

const suite = 'synthea-r4/smart-2019-2021';
const files = [0, 1, 2, 3, 4, 5].map((number) => `${suite}/bundles-${number}.ndjson.gz`);

/** Every 20th Bundle: with all 617 (191,093 resources) the same holds, and takes twenty times as long. */
const every = 20;

describe.skipIf(!hasSharedData(suite))('the structure of Synthea records', () => {
  test.each(files)('the sampled Bundles of %s are good and print as they were', (file) => {
    const lines = readLines(file).filter((_, index) => index % every === 0);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const bundle = parseJson(line) as JsonObject;
      expect(checkStructure(bundle)).toEqual([]);
      expect(printJson(bundle) === line).toBe(true);
      expect(collectReferences(bundle)).toHaveLength(line.split('"reference":"').length - 1);
    }
  });
});
