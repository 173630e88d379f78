import { describe, expect, test } from 'vitest';
import { checkStructure, collectReferences, elementsOf, rewriteReferences, summaryOf } from '#fhir/validation/index.ts';
import { isRawNumber, type JsonObject, parseJson, printJson } from '#lib/json/index.ts';
import { breakKind, objectsOf, type Place, placesOf } from '#testing/broken-resource.ts';
import { createRandom } from '#testing/random-resource.ts';
import { hasSharedData, readLines } from './shared-data.ts';

const suite = 'fhir-r4-examples/examples.ndjson.gz';

/** Examples that their own definition refuses: required elements are missing. One of them comes twice. */
const incomplete = ['ImplementationGuide/fhir', 'ImplementationGuide/fhir', 'Questionnaire/qs1'];

const errorsOf = (resource: JsonObject) => checkStructure(resource).filter(({ severity }) => severity === 'error');

describe.skipIf(!hasSharedData(suite))('the structure of the official R4 examples', () => {
  const lines = hasSharedData(suite) ? readLines(suite) : [];
  const examples = lines.map((line) => parseJson(line) as JsonObject);
  const nameOf = ({ resourceType, id }: JsonObject) => `${resourceType}/${id}`;

  test('all parse and print to the same text, to the digit', () => {
    expect(examples.map(printJson)).toEqual(lines);
    const values = examples.flatMap(objectsOf).flatMap((object) => Object.values(object));
    expect(values.filter(isRawNumber).length).toBeGreaterThan(10);
  });

  test('none has an error, and the warnings are known', () => {
    expect(examples.filter((example) => errorsOf(example).length > 0).map(nameOf)).toEqual([]);
    const warned = examples.filter((example) => checkStructure(example).length > 0);
    expect(warned.map(nameOf).sort()).toEqual(incomplete);
  });

  test('an unknown element is found anywhere', () => {
    const random = createRandom(1);
    const missed = lines.filter((line) => {
      const example = parseJson(line) as JsonObject;
      const objects = objectsOf(example);
      Object.assign(objects[Math.floor(random() * objects.length)] as JsonObject, { unknownElement: 'x' });
      return !errorsOf(example).some(({ expression }) => expression?.endsWith('.unknownElement'));
    });
    expect(missed).toEqual([]);
  });

  test('a value of the wrong kind is found anywhere', () => {
    const random = createRandom(2);
    const missed: string[] = [];
    for (const line of [...lines, ...lines, ...lines]) {
      const example = parseJson(line) as JsonObject;
      const places = placesOf(example);
      const place = places[Math.floor(random() * places.length)] as Place;
      breakKind(place, Math.floor(random() * 12));
      if (errorsOf(example).length === 0) missed.push(`${nameOf(example)} ${place.name}`);
    }
    expect(missed).toEqual([]);
  });

  test('every Reference is found and rewritten, and nothing else', () => {
    // These have other elements named `reference`, as do Expressions, which are told by their language.
    const notReferences = new Set(['DetectedIssue', 'Immunization', 'ImmunizationEvaluation']);
    for (const line of lines) {
      const copy = parseJson(line) as JsonObject;
      if (notReferences.has(String(copy.resourceType))) continue;
      const holders = objectsOf(copy).filter(
        ({ reference, language }) => typeof reference === 'string' && language === undefined,
      );
      const found = collectReferences(copy);
      expect(new Set(found.map(({ holder }) => holder))).toEqual(new Set(holders));
      rewriteReferences(copy, (reference) => (reference.startsWith('urn:') ? undefined : 'Basic/1'));
      expect(holders.every(({ reference }) => reference === 'Basic/1' || String(reference).startsWith('urn:'))).toBe(
        true,
      );
    }
  });

  test('their summaries and subsets have the right structure', () => {
    const complete = examples.filter((example) => !incomplete.includes(nameOf(example)));
    for (const example of complete) {
      for (const mode of ['true', 'text', 'data', 'count'] as const) {
        expect([nameOf(example), errorsOf(summaryOf(example, mode))]).toEqual([nameOf(example), []]);
      }
      expect(errorsOf(elementsOf(example, Object.keys(example).slice(-2)))).toEqual([]);
    }
  });
});
