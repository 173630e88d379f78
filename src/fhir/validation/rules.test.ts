import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { codeSet } from './code-sets.ts';
import { findBrokenRules } from './rules.ts';

const broken = (resource: JsonObject): string[] =>
  findBrokenRules(resource, { most: 100, isThorough: false }).map(({ path, problem }) => `${path} ${problem}`);

test.each<[string, JsonObject]>([
  ['.gender must be a code of', { resourceType: 'Patient', gender: 'x' }],
  [
    '.contact[0].gender must be a code of',
    { resourceType: 'Patient', contact: [{ gender: 'x', name: { text: 'a' } }] },
  ],
  ['.contact[0] breaks pat-1', { resourceType: 'Patient', contact: [{ gender: 'male' }] }],
  [
    '.name[0].period breaks per-1',
    { resourceType: 'Patient', name: [{ period: { start: '2024-02', end: '2024-01-31' } }] },
  ],
  [
    '.telecom[0] breaks org-3',
    { resourceType: 'Organization', name: 'a', telecom: [{ use: 'home', value: '1', system: 'phone' }] },
  ],
  ['.telecom[0] breaks cpt-2', { resourceType: 'Patient', telecom: [{ value: '1' }] }],
  [
    '.generalPractitioner[0] must refer to Organization, Practitioner, PractitionerRole, not to a Patient',
    { resourceType: 'Patient', generalPractitioner: [{ reference: 'Patient/1' }] },
  ],
  [
    '.managingOrganization must refer to Organization, not to a Patient',
    { resourceType: 'Patient', managingOrganization: { type: 'Patient', display: 'a' } },
  ],
  ['.link[0].other breaks ref-1', { resourceType: 'Patient', link: [{ type: 'seealso', other: { reference: '#x' } }] }],
  ['.contained[0] breaks dom-3', { resourceType: 'Patient', contained: [{ resourceType: 'Basic', id: 'b' }] }],
  [
    '.contained[0] breaks dom-4',
    {
      resourceType: 'Patient',
      contained: [{ resourceType: 'Organization', id: 'o', name: 'a', meta: { versionId: '1' } }],
      managingOrganization: { reference: '#o' },
    },
  ],
  [
    '.clinicalStatus must have a coding of',
    { resourceType: 'Condition', subject: { reference: 'Patient/1' }, clinicalStatus: { text: 'ill' } },
  ],
  ['.photo[0].contentType must be a code of', { resourceType: 'Patient', photo: [{ contentType: 'picture' }] }],
  [
    '.referenceRange[0].low breaks sqty-1',
    {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'a' },
      referenceRange: [{ low: { value: 1, comparator: '<' } }],
    },
  ],
  [' breaks bdl-1', { resourceType: 'Bundle', type: 'batch', total: 1 }],
  [
    '.entry[0].resource.gender must be',
    { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Patient', gender: 'x' } }] },
  ],
])('%s', (problem, resource) => {
  expect(broken(resource)).toEqual([expect.stringContaining(problem)]);
});

test('what is right, or cannot be known to be wrong, is let be', () => {
  expect(
    broken({
      resourceType: 'Patient',
      gender: 'female',
      name: [{ period: { start: '2024', end: '2024-01-31' } }],
      photo: [{ contentType: 'text/plain; charset=utf-8' }],
      generalPractitioner: [
        { reference: 'urn:uuid:0195b3f2-6f5e-7c1d-8a2b-3c4d5e6f7a8b' },
        { reference: 'http://a.example/x' },
      ],
      contained: [
        {
          resourceType: 'Organization',
          id: 'o',
          name: 'a',
          extension: [{ url: 'http://a.example/b', valueReference: { reference: '#' } }],
        },
      ],
    }),
  ).toEqual([]);
});

test('value sets that are too large to enumerate are checked by their form', () => {
  const has = (name: string, code: string) => codeSet(`http://hl7.org/fhir/ValueSet/${name}`)?.hasCode(code);
  expect(
    ['application/fhir+json', 'xml', 'text/plain;charset=utf-8', 'nonsense'].map((code) => has('mimetypes', code)),
  ).toEqual([true, true, true, false]);
  expect(['zh', 'zh-Hans-CN', 'x y'].map((code) => has('languages', code))).toEqual([true, true, false]);
  expect(['CNY', 'yuan'].map((code) => has('currencies', code))).toEqual([true, false]);
  expect(['CN', 'CN-YN', '001', 'Australia'].map((code) => has('jurisdiction', code))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(['mm[Hg]', 'furlongs'].map((code) => has('ucum-units', code))).toEqual([true, false]);
  expect(
    codeSet('http://hl7.org/fhir/ValueSet/marital-status')?.has(
      'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
      'UNK',
    ),
  ).toBe(true);
  expect(codeSet('http://example.org/unknown')).toBeUndefined();
  expect(codeSet('constructor')).toBeUndefined();
});
