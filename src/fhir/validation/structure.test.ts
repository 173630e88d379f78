import { expect, test } from 'vitest';
import { type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import { checkStructure } from './index.ts';

const problems = (resource: JsonValue): string[] =>
  checkStructure(resource as JsonObject).map(({ code, diagnostics }) => `${code}: ${diagnostics}`);

const patient = (parts: JsonObject): string[] => problems({ resourceType: 'Patient', ...parts });

const extension = [{ url: 'http://example.org/e', valueCode: 'x' }];

test('a good resource has no issues', () => {
  expect(
    patient({
      id: 'li-1',
      meta: { lastUpdated: '2024-02-29T23:59:60.123+08:00' },
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">李<br/></div>' },
      name: [{ text: '李　小龙', given: ['小龙', null], _given: [null, { extension }] }],
      _birthDate: { extension },
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
  expect(patient({ contact: [{ name: { famly: 'x' } }] })).toEqual([
    'structure: Patient.contact[0].name.famly is no element of HumanName: remove it or correct its name.',
  ]);
  expect(checkStructure({ resourceType: 'Patient', nam: 1 })[0]).toMatchObject({
    severity: 'error',
    expression: 'Patient.nam',
  });
  expect(patient({ ['x'.repeat(1000)]: 1 })[0]?.length).toBeLessThan(200);
});

test('names of prototypes are unknown elements', () => {
  const text = '{"resourceType":"Patient","__proto__":{"id":"x"},"constructor":1,"toString":"","_toString":{}}';
  expect(problems(parseJson(text))).toHaveLength(4);
  expect(problems({ resourceType: 'Patient', name: [parseJson('{"__proto__":{"family":"x"}}')] })).toHaveLength(1);
});

test.each<JsonObject>([
  {},
  { resourceType: 'constructor' },
  { resourceType: '__proto__' },
  { resourceType: ['Patient'] },
])('%j is no resource', (resource) => {
  expect(problems(resource)).toEqual([expect.stringContaining('needs a resourceType')]);
});

test('what may repeat is an array, what may not is none', () => {
  expect(patient({ name: { family: 'x' } })).toEqual([
    'structure: Patient.name must be an array, as it may repeat, not an object.',
  ]);
  expect(patient({ birthDate: ['2024'] })[0]).toContain('structure: Patient.birthDate must be');
  expect(patient({ maritalStatus: [{ text: 'x' }] })).toEqual([
    'structure: Patient.maritalStatus must be a JSON object (CodeableConcept), not an array.',
  ]);
  expect(patient({ name: [[{ family: 'x' }]] })).toEqual([
    'structure: Patient.name[0] must be a JSON object (HumanName), not an array.',
  ]);
});

test('objects and primitives do not stand for each other', () => {
  expect(patient({ name: ['x'] })).toEqual(['structure: Patient.name[0] must be a JSON object (HumanName), not "x".']);
  expect(patient({ name: [parseJson('1.00')] })).toEqual([
    'structure: Patient.name[0] must be a JSON object (HumanName), not 1.00.',
  ]);
  expect(patient({ gender: { coding: [] } })[0]).toContain('structure: Patient.gender must be a JSON string');
  expect(patient({ active: 'true' })).toEqual([
    'value: Patient.active must be true or false without quotes, not "true".',
  ]);
  expect(patient({ birthDate: '2023-02-30' })[0]).toContain('value: Patient.birthDate must be a date of the calendar');
});

test('what is empty is left out', () => {
  expect(patient({ name: [] })).toEqual(['structure: Patient.name must not be an empty array: leave it out.']);
  expect(patient({ name: [{}] })[0]).toContain('Patient.name[0] must not be empty');
  expect(patient({ maritalStatus: {} })[0]).toContain('Patient.maritalStatus must not be empty');
  expect(patient({ name: [{ family: '' }] })[0]).toContain('Patient.name[0].family must be some text, not ""');
  expect(patient({ birthDate: null })[0]).toContain('Patient.birthDate must be');
  expect(patient({ name: [null] })[0]).toContain('Patient.name[0] must be a JSON object (HumanName), not null');
});

test('nulls stand only where the other array of a primitive fills the place', () => {
  const given = (parts: JsonObject) => patient({ name: [parts] });
  expect(given({ given: ['a', null], _given: [null, { extension }] })).toEqual([]);
  expect(given({ _given: [{ extension }] })).toEqual([]);
  expect(given({ given: ['a', null] })[0]).toContain('Patient.name[0].given[1] must be');
  expect(given({ given: [null], _given: [null] })).toHaveLength(2);
  expect(given({ given: ['a'], _given: [null, { extension }] })).toEqual([
    'structure: Patient.name[0].given has 1 values and 2 extensions: fill both arrays with null.',
  ]);
  expect(given({ given: ['a'], _given: { extension } })[0]).toContain('must be an array');
});

test('beside a primitive stand only its id and extensions', () => {
  expect(patient({ birthDate: '2024', _birthDate: { id: 'b', extension } })).toEqual([]);
  expect(patient({ _birthDate: { value: 'x' } })[0]).toContain('Patient.birthDate.value is no element of Element');
  expect(patient({ _birthDate: 'x' })[0]).toContain('Patient.birthDate must be a JSON object (Element)');
  expect(patient({ _maritalStatus: { id: 'x' } })[0]).toContain('cannot have extensions beside it');
  expect(patient({ _id: { id: 'x' } })[0]).toContain('cannot have extensions beside it');
});

const observation = (parts: JsonObject): string[] =>
  problems({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, ...parts });

test('a choice is made once', () => {
  expect(observation({ valueString: 'a', _valueString: { id: 'b' } })).toEqual([]);
  expect(observation({ _valueString: { id: 'b' }, valueString: 'a' })).toEqual([]);
  expect(observation({ valueString: 'a', valueInteger: 1 })).toEqual([
    'structure: Observation.value must be given once, in one type: valueString and valueInteger exclude each other.',
  ]);
  expect(observation({ _valueString: { extension }, valueInteger: 1 })).toHaveLength(1);
  expect(observation({ valueAddress: { text: 'x' } })[0]).toContain('valueAddress is no element');
  expect(observation({ valueQuantity: { value: '1' } })[0]).toContain(
    'Observation.value.ofType(Quantity).value must be',
  );
});

test('what the definition requires is there, if only by an extension', () => {
  expect(problems({ resourceType: 'Observation' })).toEqual([
    'required: Observation.status is missing: Observation requires it.',
    'required: Observation.code is missing: Observation requires it.',
  ]);
  expect(problems({ resourceType: 'Observation', _status: { extension }, code: { text: 'x' } })).toEqual([]);
  expect(
    problems({ resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { display: 'x' } }),
  ).toEqual(['required: MedicationRequest.medication is missing: MedicationRequest requires it.']);
  expect(patient({ link: [{ type: 'refer' }] })).toEqual([
    'required: Patient.link[0].other is missing: Patient.link requires it.',
  ]);
});

test('what official examples leave out is a warning', () => {
  const issues = checkStructure({ resourceType: 'Questionnaire', status: 'draft', item: [{ type: 'display' }] });
  expect(issues).toMatchObject([{ severity: 'warning', code: 'required', expression: 'Questionnaire.item[0].linkId' }]);
});

test('an extension has a value or extensions', () => {
  const issuesOf = (...extensions: JsonObject[]) => patient({ extension: extensions });
  expect(issuesOf({ url: 'a', extension }, { url: 'b', _valueCode: { extension } })).toEqual([]);
  expect(issuesOf({ url: 'a' })).toEqual(['invariant: Patient.extension[0] must have a value or extensions.']);
  expect(issuesOf({ url: 'a', extension, valueCode: 'x' })).toEqual([
    'invariant: Patient.extension[0] must have a value or extensions, not both.',
  ]);
  expect(issuesOf({ valueCode: 'x' })).toEqual([
    'required: Patient.extension[0].url is missing: Extension requires it.',
  ]);
});

test('resources inside resources are checked, but contain none themselves', () => {
  const inner = { resourceType: 'Organization', id: 'o', name: 5 };
  expect(patient({ contained: [inner] })[0]).toContain('Patient.contained[0].name must be');
  expect(patient({ contained: ['x'] })[0]).toContain('Patient.contained[0] must be a resource, not "x"');
  expect(patient({ contained: [{ resourceType: 'Patient', contained: [{ ...inner, name: 'x' }] }] })).toEqual([
    'structure: Patient.contained[0].contained must not contain resources itself: move them up beside it.',
  ]);
  expect(problems({ resourceType: 'Bundle', type: 'batch', entry: [{ resource: inner }] })[0]).toContain(
    'Bundle.entry[0].resource.name must be',
  );
  expect(problems({ resourceType: 'Parameters', parameter: [{ name: 'x', resource: {} }] })[0]).toContain(
    'Parameters.parameter[0].resource needs a resourceType',
  );
});

test('nesting and the number of issues are limited', () => {
  let deep: JsonObject = { url: 'a', valueCode: 'x' };
  for (let depth = 0; depth < 100_000; depth++) deep = { url: 'a', extension: [deep] };
  expect(patient({ extension: [deep] })).toEqual([expect.stringContaining('is nested deeper than 100 levels')]);
  expect(patient({ name: new Array<string>(1_000_000).fill('x') })).toHaveLength(200);
  expect(patient(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, 1])))).toHaveLength(200);
});
