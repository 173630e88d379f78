import { readFileSync } from 'node:fs';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import { createRandom, randomResource } from '#testing/random-resource.ts';
import { resourceTypes } from '../../definitions/index.ts';
import { type Item, rootItem, visitItems } from '../profile/items.ts';
import { compileInvariant } from './compile.ts';

/**
 * The invariants of R4, compiled, against the fhirpath package: they give the same on values of random resources. Where
 * the package finds nothing out, an invariant holds for us.
 */
interface Model {
  key: string;
  expression: string;
}

const models = Object.entries(
  JSON.parse(readFileSync(new URL('../../definitions/generated/invariants.json', import.meta.url), 'utf8')) as Record<
    string,
    Model[]
  >,
);

interface Sample {
  item: Item;
  resource: JsonObject;
}

/** `resolve()` needs a server there; some patterns are none in its stricter syntax of regular expressions. */
const beyondThePackage = new Set(['ctm-1', 'eld-16', 'eld-19', 'eld-20', 'sdf-19']);

const samplesPerType = 12;

/** Values of every type, by the name of the type. */
function collectSamples(seed: number): Map<string, Sample[]> {
  const random = createRandom(seed);
  const samples = new Map<string, Sample[]>();
  for (const type of resourceTypes) {
    for (let round = 0; round < 3; round++) {
      const resource = randomResource(type, random);
      visitItems(rootItem(resource), type, (item) => {
        const known = samples.get(item.type) ?? [];
        samples.set(item.type, known);
        if (item.value !== undefined && known.length < samplesPerType) known.push({ item, resource });
        return true;
      });
    }
  }
  return samples;
}

const plain = (value: JsonValue): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

describe.each([1, 2])('with seed %i', (seed) => {
  const samples = collectSamples(seed);
  const ofTypes = models.filter(([path]) => samples.has(path));

  test(`${ofTypes.length} types have values and invariants`, () => {
    expect(ofTypes.length).toBeGreaterThan(190);
  });

  test('every compiled invariant gives what the fhirpath package gives', () => {
    const differing: string[] = [];
    let [held, broken] = [0, 0];
    for (const [path, invariants] of ofTypes) {
      for (const { key, expression } of invariants.filter((invariant) => !beyondThePackage.has(invariant.key))) {
        const root = path.split('.')[0];
        const holds = compileInvariant(
          expression,
          [path],
          root !== undefined && resourceTypes.includes(root) ? root : undefined,
        );
        const evaluate = fhirpath.compile({ base: path, expression }, r4, { traceFn: () => {} });
        for (const { item, resource } of samples.get(path) ?? []) {
          const value = item.value as JsonValue;
          const ours = holds(value, { resource, root: resource });
          const [first] = evaluate(plain(value), {
            resource: plain(resource),
            rootResource: plain(resource),
          }) as unknown[];
          if (ours) held++;
          else broken++;
          if (ours !== (first !== false)) differing.push(`${path} ${key}: ${JSON.stringify(value).slice(0, 300)}`);
        }
      }
    }
    expect(differing).toEqual([]);
    // Both happen often, or nothing was tested.
    expect(Math.min(held, broken)).toBeGreaterThan(300);
  });
});
