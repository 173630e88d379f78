import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, type JsonValue, parseJson, printJson } from '#lib/json/index.ts';
import { breakKind, objectsOf, placesOf } from '#testing/broken-resource.ts';
import { checkStructure, collectReferences, elementsOf, rewriteReferences, summaryOf } from './index.ts';

const extension = [
  { url: 'http://example.org/e', extension: [{ url: 'part', valueReference: { reference: 'Patient/1' } }] },
];

const samples: readonly JsonObject[] = [
  {
    resourceType: 'Patient',
    id: 'p1',
    meta: { profile: ['http://example.org/p'], tag: [{ system: 'http://example.org', code: 'x' }] },
    text: { status: 'generated', div: '<div>x</div>' },
    extension,
    name: [{ use: 'official', family: '李', given: ['小', null], _given: [null, { extension }] }],
    _birthDate: { extension },
    deceasedDateTime: '2024-02-29T12:00:00+08:00',
    multipleBirthInteger: 2,
    contact: [{ relationship: [{ coding: [{ code: 'N' }] }], telecom: [{ rank: 1, value: '1' }] }],
    contained: [{ resourceType: 'Organization', id: 'o', active: true, name: '医院' }],
  },
  {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'x' },
          subject: { reference: 'urn:uuid:1' },
          valueQuantity: { value: 37.5, unit: '°C' },
          component: [{ code: { text: 'y' }, valueBoolean: false }],
        },
        request: { method: 'POST', url: 'Observation' },
      },
    ],
  },
  {
    resourceType: 'Questionnaire',
    status: 'active',
    item: [{ linkId: '1', type: 'group', item: [{ linkId: '1.1', type: 'choice', initial: [{ valueDecimal: 1.5 }] }] }],
  },
];

const sample = fc.constantFrom(...samples).map((resource) => structuredClone(resource));
const isError = ({ severity }: { severity: string }) => severity === 'error';

test('the samples are good', () => {
  for (const resource of samples) expect(checkStructure(resource)).toEqual([]);
});

test('an unknown element is found in any object', () => {
  fc.assert(
    fc.property(
      sample,
      fc.nat(),
      fc.stringMatching(/^_?[a-z]{2,8}Unknown$/),
      fc.json(),
      (resource, at, name, value) => {
        const objects = objectsOf(resource);
        (objects[at % objects.length] as JsonObject)[name] = JSON.parse(value) as JsonValue;
        return checkStructure(resource).some(({ expression }) => expression?.endsWith(`.${name}`));
      },
    ),
    { numRuns: 500 },
  );
});

test('a value of the wrong kind is found at any place', () => {
  fc.assert(
    fc.property(sample, fc.nat(), fc.nat(), (resource, at, way) => {
      const places = placesOf(resource);
      breakKind(places[at % places.length] as (typeof places)[number], way);
      return checkStructure(resource).some(isError);
    }),
    { numRuns: 1000 },
  );
});

test('nothing is changed by being checked, and no JSON makes it throw', () => {
  const anything = fc.oneof(
    fc.object({ key: fc.constantFrom('resourceType', 'id', 'name', '_name', 'extension', '__proto__', 'constructor') }),
    fc.json().map((text) => JSON.parse(text) as JsonValue),
  );
  fc.assert(
    fc.property(anything, fc.constantFrom('Patient', 'Bundle', 'Nothing', 1), (value, resourceType) => {
      const resource = { ...(value as JsonObject), resourceType };
      const before = JSON.stringify(resource);
      const issues = checkStructure(resource);
      if (!issues.some(isError)) {
        collectReferences(resource);
        summaryOf(resource, 'true');
        elementsOf(resource, ['name']);
      }
      return JSON.stringify(resource) === before;
    }),
  );
});

test('rewriting to the same text changes nothing; each reference found is asked for', () => {
  fc.assert(
    fc.property(sample, (resource) => {
      const before = printJson(resource);
      const asked: string[] = [];
      rewriteReferences(resource, (reference) => {
        asked.push(reference);
        return reference;
      });
      const found = collectReferences(resource).map(({ reference }) => reference);
      return printJson(resource) === before && found.every((reference) => asked.includes(reference));
    }),
  );
});

test('a subset of a good resource is good', () => {
  const names = fc.array(fc.constantFrom('name', 'value', 'entry', 'item', 'text', 'contained', 'unknown'));
  fc.assert(
    fc.property(sample, names, fc.constantFrom('true', 'text', 'data', 'count'), (resource, elements, mode) => {
      expect(checkStructure(elementsOf(resource, elements)).filter(isError)).toEqual([]);
      expect(checkStructure(summaryOf(resource, mode)).filter(isError)).toEqual([]);
    }),
  );
});

test.each([
  `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  `{"resourceType":"Patient","extension":${'[{"extension":'.repeat(100_000)}`,
  '{"resourceType":"Patient","__proto__":{"resourceType":"Patient"}}',
  '{"resourceType":"Patient","id":"\\u0000"}',
  '{"resourceType":"Patient","id":"\\ud800"}',
  '{"resourceType":"Patient","birthDate":"2023-02-30"}',
  `{"resourceType":"Patient","language":"${'x'.repeat(10_000_000)}"}`,
  `{"resourceType":"Patient","language":"${' x'.repeat(500_000)}  "}`,
])('hostile input %# is refused', (text) => {
  const refusals = () => {
    try {
      return checkStructure(parseJson(text) as JsonObject).filter(isError);
    } catch (error) {
      if (error instanceof Failure) return error.issues;
      throw error;
    }
  };
  expect(refusals().length).toBeGreaterThan(0);
  expect(({} as JsonObject).resourceType).toBeUndefined();
});
