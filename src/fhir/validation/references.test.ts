import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { collectReferences, rewriteReferences } from './index.ts';

const composition = (): JsonObject => ({
  resourceType: 'Composition',
  text: {
    status: 'generated',
    div: '<div><a href="urn:uuid:1">1</a> urn:uuid:1 <img src=\'urn:uuid:2\'/><a href="urn:uuid:9">9</a></div>',
  },
  contained: [{ resourceType: 'Observation', id: 'o', subject: { reference: 'urn:uuid:1' } }],
  extension: [
    { url: 'urn:uuid:1', valueReference: { reference: 'urn:uuid:2' } },
    { url: 'http://example.org/uri', valueUri: 'urn:uuid:1' },
    { url: 'http://example.org/canonical', valueCanonical: 'urn:uuid:1' },
    { url: 'http://example.org/string', valueString: 'urn:uuid:1' },
  ],
  identifier: { system: 'urn:oid:1.2', value: 'urn:uuid:1', assigner: { display: 'without a reference' } },
  subject: { reference: 'Patient?identifier=x|1', _reference: { extension: [] } },
  author: [{ reference: 'urn:uuid:1' }, { reference: 'Practitioner/known' }],
  _title: { extension: [{ url: 'http://example.org/by', valueReference: { reference: 'urn:uuid:1' } }] },
  section: [{ section: [{ entry: [{ reference: 'urn:uuid:9' }] }] }],
});

test('references are found wherever they stand', () => {
  expect(collectReferences(composition()).map(({ path, reference }) => `${path} ${reference}`)).toEqual([
    'Composition.contained[0].subject urn:uuid:1',
    'Composition.extension[0].value.ofType(Reference) urn:uuid:2',
    'Composition.subject Patient?identifier=x|1',
    'Composition.author[0] urn:uuid:1',
    'Composition.author[1] Practitioner/known',
    'Composition.title.extension[0].value.ofType(Reference) urn:uuid:1',
    'Composition.section[0].section[0].entry[0] urn:uuid:9',
  ]);
});

test('what is named reference without being one is no reference', () => {
  expect(
    collectReferences({ resourceType: 'DetectedIssue', status: 'final', reference: 'http://example.org' }),
  ).toEqual([]);
});

test('a reference that is found can be pointed elsewhere', () => {
  const resource: JsonObject = { resourceType: 'Observation', subject: { reference: 'urn:uuid:1' } };
  for (const { holder } of collectReferences(resource)) holder.reference = 'Patient/1';
  expect(resource).toEqual({ resourceType: 'Observation', subject: { reference: 'Patient/1' } });
});

test('links are rewritten by the rules of transactions', () => {
  const targets: Record<string, string> = {
    'urn:uuid:1': 'Patient/p1',
    'urn:uuid:2': 'Media/m2',
    'urn:oid:1.2': 'NamingSystem/n',
    'Patient?identifier=x|1': 'Patient/p2',
  };
  const resource = composition();
  rewriteReferences(resource, (reference) => targets[reference]);
  const expected = composition();
  Object.assign(expected.text as JsonObject, {
    div: '<div><a href="Patient/p1">1</a> urn:uuid:1 <img src=\'Media/m2\'/><a href="urn:uuid:9">9</a></div>',
  });
  expect(resource).toEqual({
    ...expected,
    contained: [{ resourceType: 'Observation', id: 'o', subject: { reference: 'Patient/p1' } }],
    extension: [
      { url: 'Patient/p1', valueReference: { reference: 'Media/m2' } },
      { url: 'http://example.org/uri', valueUri: 'Patient/p1' },
      { url: 'http://example.org/canonical', valueCanonical: 'urn:uuid:1' },
      { url: 'http://example.org/string', valueString: 'urn:uuid:1' },
    ],
    identifier: { system: 'NamingSystem/n', value: 'urn:uuid:1', assigner: { display: 'without a reference' } },
    subject: { reference: 'Patient/p2', _reference: { extension: [] } },
    author: [{ reference: 'Patient/p1' }, { reference: 'Practitioner/known' }],
    _title: { extension: [{ url: 'http://example.org/by', valueReference: { reference: 'Patient/p1' } }] },
  });
});

test('a Bundle is searched through its entries', () => {
  const bundle: JsonObject = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ fullUrl: 'urn:uuid:1', resource: { resourceType: 'Encounter', subject: { reference: 'urn:uuid:2' } } }],
  };
  expect(collectReferences(bundle).map(({ path }) => path)).toEqual(['Bundle.entry[0].resource.subject']);
});

test('a resource without a type of R4 has no references', () => {
  expect(collectReferences({ resourceType: 'constructor', subject: { reference: 'x' } })).toEqual([]);
  expect(collectReferences({})).toEqual([]);
});
