import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyFhirPathPatch } from '#fhir/patch/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { elementToResource } from '#testing/fhir-xml.ts';
import { elementsOf, parseXml, type XmlElement } from '#testing/xml.ts';
import { expectScores } from './scores.ts';
import { hasSharedData, sharedData } from './shared-data.ts';

/** The R4 FHIRPath Patch cases of FHIR/fhir-test-cases. */
const file = 'fhir-patch-graphql/r4/patch/fhir-patch-tests.xml';
const isThere = hasSharedData(file);
const cases = isThere ? elementsOf(parseXml(readFileSync(sharedData + file, 'utf8')), 'case') : [];

const nameOf = ({ attributes }: XmlElement): string => attributes.name ?? '';

function resourceIn(element: XmlElement, name: string): JsonObject | undefined {
  const [resource] = elementsOf(element, name).flatMap((found) => elementsOf(found));
  return resource && elementToResource(resource);
}

/** White space between the elements of a narrative says nothing. */
const withoutSpace = (resource: JsonObject | undefined): unknown =>
  JSON.parse(
    JSON.stringify(resource)
      .replace(/(\\n|\\t|\s)+/g, '')
      .replaceAll('&quot;', '\\"'),
  );

describe.skipIf(!isThere)('FHIRPath Patch', () => {
  it('passes in all its cases', () =>
    expectScores('fhirpath-patch', { 'FHIRPath Patch': [cases.length, cases.length] }));

  it.each(cases.map((element) => [nameOf(element), element] as const))('%s', async (_name, element) => {
    const input = resourceIn(element, 'input') ?? {};
    const patched = applyFhirPathPatch(input, resourceIn(element, 'diff') ?? {});
    if (elementsOf(element, 'error').length > 0) await expect(patched).rejects.toThrow(Failure);
    else expect(withoutSpace(await patched)).toEqual(withoutSpace(resourceIn(element, 'output')));
  });
});
