import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { parseJson } from '#lib/json/index.ts';
import { checkStructure } from './index.ts';

const problems = (resource: unknown): string[] =>
  checkStructure(resource as JsonObject).map(({ code, diagnostics }) => `${code}: ${diagnostics}`);

const patient = (parts: object): string[] => problems({ resourceType: 'Patient', ...parts });

test('a good resource has no issues', () => {
  expect(
    patient({
      id: 'li-1',
      meta: { lastUpdated: '2024-02-29T23:59:60.123+08:00' },
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">李<br/></div>' },
      name: [
        { text: '李　小龙', given: ['小龙', null], _given: [null, { extension: [{ url: 'a:b', valueCode: 'x' }] }] },
      ],
      _birthDate: { extension: [{ url: 'http://example.org/why', valueString: 'unknown' }] },
      deceasedBoolean: false,
      contained: [{ resourceType: 'Organization', id: 'o', name: '医院' }],
      managingOrganization: { reference: '#o' },
    }),
  ).toEqual([]);
});

test('an unknown element is named with its place', () => {
  expect(patient({ nam: [] })).toEqual([
    'structure: Patient.nam is no element of Patient: remove it or correct its name.',
  ]);
  expect(problems({ resourceType: 'Patient', contact: [{ name: { famly: 'x' } }] })).toEqual([
    'structure: Patient.contact[0].name.famly is no element of HumanName: remove it or correct its name.',
  ]);
  expect(checkStructure({ resourceType: 'Patient', nam: 1 })[0]).toMatchObject({
    severity: 'error',
    expression: 'Patient.nam',
  });
});

test('names of prototypes are unknown elements', () => {
  const resource = parseJson(
    '{"resourceType":"Patient","__proto__":{"id":"x"},"constructor":1,"toString":"","_toString":{}}',
  );
  expect(problems(resource)).toHaveLength(4);
  expect(problems({ resourceType: 'constructor' })).toHaveLength(1);
  expect(problems({ resourceType: '__proto__' })).toHaveLength(1);
});
