import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { validateResource } from '../validate.ts';
import { createProfiles } from './profiles.ts';
import type { ElementDefinition, StructureDefinition } from './structure-definition.ts';

const core = 'http://hl7.org/fhir/StructureDefinition/';
const own = 'http://example.org/StructureDefinition/';

const profile = (
  name: string,
  type: string,
  element: ElementDefinition[],
  more: Partial<StructureDefinition> = {},
): StructureDefinition => ({
  resourceType: 'StructureDefinition',
  url: own + name,
  type,
  derivation: 'constraint',
  baseDefinition: core + type,
  differential: { element },
  ...more,
});

/** The errors of a resource against the first of some profiles. */
function errorsOf(resource: JsonObject, ...definitions: StructureDefinition[]): string[] {
  const profiles = createProfiles(definitions);
  return validateResource(resource, { profiles, against: [definitions[0]?.url ?? ''] })
    .filter(({ severity }) => severity === 'error')
    .map(({ path, problem }) => `${path} ${problem}`);
}

const patient = (more: JsonObject): JsonObject => ({ resourceType: 'Patient', ...more });

const observation = (more: JsonObject): JsonObject => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://example.org', code: 'x' }] },
  ...more,
});

describe('a profile asks for', () => {
  test('how many there are', () => {
    const definition = profile('a', 'Patient', [
      { path: 'Patient.name', min: 1, max: '2' },
      { path: 'Patient.photo', max: '0' },
    ]);
    expect(errorsOf(patient({ photo: [{ title: 'x' }] }), definition)).toEqual([
      '.name is missing: the profile requires it',
      '.photo must not be there',
    ]);
    expect(errorsOf(patient({ name: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] }), definition)).toEqual([
      '.name is there 3 times, and may be at most 2 times',
    ]);
  });

  test('fixed values, patterns, limits and lengths', () => {
    const definition = profile('a', 'Observation', [
      { path: 'Observation.status', fixedCode: 'final' },
      { path: 'Observation.code', patternCodeableConcept: { coding: [{ system: 'http://example.org', code: 'x' }] } },
      {
        path: 'Observation.value[x]',
        type: [{ code: 'Quantity' }],
        maxValueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'kg' },
      },
      { path: 'Observation.note.text', maxLength: 3 },
    ]);
    const grams = (value: number) => ({ valueQuantity: { value, system: 'http://unitsofmeasure.org', code: 'g' } });
    expect(errorsOf(observation({ ...grams(999), note: [{ text: 'abc' }] }), definition)).toEqual([]);
    const bad = observation({ ...grams(1001), status: 'amended', code: { text: 'x' }, note: [{ text: 'abcd' }] });
    expect(errorsOf(bad, definition)).toEqual([
      '.status must be "final", not "amended"',
      '.code must have {"coding":[{"system":"http://example.org","code":"x"}]}',
      expect.stringContaining('.value.ofType(Quantity) must be at most'),
      '.note[0].text must not be longer than 3 characters',
    ]);
  });

  test('types of a choice, and what each is like', () => {
    const definition = profile('a', 'Observation', [
      { path: 'Observation.value[x]', type: [{ code: 'Quantity' }, { code: 'string' }] },
      { path: 'Observation.value[x]', sliceName: 'valueQuantity', type: [{ code: 'Quantity' }] },
      { path: 'Observation.value[x].unit', min: 1 },
    ]);
    expect(errorsOf(observation({ valueString: 'x' }), definition)).toEqual([]);
    expect(errorsOf(observation({ valueBoolean: true }), definition)).toEqual([
      '.value.ofType(boolean) must be of the type Quantity, string, not boolean',
    ]);
    expect(errorsOf(observation({ valueQuantity: { value: 1 } }), definition)).toEqual([
      '.value.ofType(Quantity).unit is missing: the profile requires it',
    ]);
  });

  test('codes and constraints', () => {
    const definition = profile('a', 'Patient', [
      {
        path: 'Patient.maritalStatus',
        binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/marital-status' },
      },
      {
        path: 'Patient.name',
        constraint: [{ key: 'n-1', severity: 'error', human: 'A family name.', expression: 'family.exists()' }],
      },
    ]);
    const v3 = 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus';
    const married = (code: string) => ({ coding: [{ system: v3, code }] });
    expect(errorsOf(patient({ maritalStatus: married('M'), name: [{ family: 'a' }] }), definition)).toEqual([]);
    expect(errorsOf(patient({ maritalStatus: married('QQ'), name: [{ text: 'a' }] }), definition)).toEqual([
      '.maritalStatus must have a code of http://hl7.org/fhir/ValueSet/marital-status, not "QQ"',
      '.name[0] breaks n-1: A family name',
    ]);
  });

  test('where references lead, and what is there', () => {
    const named = profile('named', 'Patient', [{ path: 'Patient.name', min: 1 }]);
    const definition = profile('a', 'Observation', [
      { path: 'Observation.subject', type: [{ code: 'Reference', targetProfile: [named.url] }] },
    ]);
    const about = (more: JsonObject) =>
      observation({ contained: [{ resourceType: 'Patient', id: 'p', ...more }], subject: { reference: '#p' } });
    expect(errorsOf(about({ name: [{ text: 'a' }] }), definition, named)).toEqual([]);
    expect(errorsOf(about({}), definition, named)).toEqual([
      `.subject refers to Patient/p, which meets none of ${named.url}`,
    ]);
    expect(errorsOf(observation({ subject: { reference: 'Group/1' } }), definition, named)).toEqual([
      '.subject must refer to Patient, not to a Group',
    ]);
    expect(errorsOf(observation({ subject: { reference: 'Patient/1' } }), definition, named)).toEqual([]);
  });

  test('profiles of types', () => {
    const city = profile('city', 'Address', [{ path: 'Address.city', min: 1 }]);
    const line = profile('line', 'Address', [{ path: 'Address.line', min: 1 }]);
    const definition = profile('a', 'Patient', [
      { path: 'Patient.address', type: [{ code: 'Address', profile: [city.url, line.url] }] },
    ]);
    expect(errorsOf(patient({ address: [{ city: 'a' }, { line: ['b'] }] }), definition, city, line)).toEqual([]);
    expect(errorsOf(patient({ address: [{ text: 'a' }] }), definition, city, line)).toEqual([
      `.address[0] meets none of the profiles ${city.url}, ${line.url}`,
    ]);
  });
});

describe('slices', () => {
  const byCode = (rules: 'open' | 'closed' | 'openAtEnd', ordered: boolean, type: 'value' | 'pattern' = 'value') =>
    profile('a', 'Observation', [
      { path: 'Observation.component', slicing: { discriminator: [{ type, path: 'code' }], rules, ordered } },
      { path: 'Observation.component', sliceName: 'one', min: 1, max: '1' },
      { path: 'Observation.component.code', patternCodeableConcept: { text: 'one' } },
      { path: 'Observation.component.value[x]', min: 1 },
      { path: 'Observation.component', sliceName: 'two' },
      { path: 'Observation.component.code', patternCodeableConcept: { text: 'two' } },
    ]);
  const components = (...texts: string[]) =>
    observation({ component: texts.map((text) => ({ code: { text }, valueInteger: 1 })) });

  test('are counted, each by itself', () => {
    expect(errorsOf(components('two', 'other', 'one'), byCode('open', false))).toEqual([]);
    expect(errorsOf(components('two'), byCode('open', false))).toEqual([
      '.component must have the slice one at least once, and has it 0 times',
    ]);
    expect(errorsOf(components('one', 'one'), byCode('open', false, 'pattern'))).toEqual([
      '.component may have the slice one at most 1 times, and has it 2 times',
    ]);
  });

  test('have rules of their own', () => {
    const without = observation({ component: [{ code: { text: 'one' }, dataAbsentReason: { text: 'x' } }] });
    expect(errorsOf(without, byCode('open', false))).toEqual([
      '.component[0].value is missing: the profile requires it',
    ]);
  });

  test('may be all that there is, have an order, or come first', () => {
    expect(errorsOf(components('one', 'other'), byCode('closed', false))).toEqual([
      '.component[1] fits into none of the slices one, two, and there may be no others',
    ]);
    expect(errorsOf(components('two', 'one'), byCode('open', true))).toEqual([
      '.component[1] is the slice one of component, which must come earlier',
    ]);
    expect(errorsOf(components('one', 'other', 'two'), byCode('openAtEnd', false))).toEqual([
      '.component[2] is the slice two, after which all others must come',
    ]);
    expect(errorsOf(components('one', 'two', 'other'), byCode('openAtEnd', true))).toEqual([]);
  });

  test('are told apart by whether something exists', () => {
    const definition = profile('a', 'Patient', [
      { path: 'Patient.identifier', slicing: { discriminator: [{ type: 'exists', path: 'period' }], rules: 'open' } },
      { path: 'Patient.identifier', sliceName: 'lasting', max: '1' },
      { path: 'Patient.identifier.period', max: '0' },
      { path: 'Patient.identifier', sliceName: 'passing' },
      { path: 'Patient.identifier.period', min: 1 },
      { path: 'Patient.identifier.value', min: 1 },
    ]);
    const passing = { period: { start: '2024' } };
    expect(errorsOf(patient({ identifier: [{ value: 'a' }, { ...passing, value: 'b' }] }), definition)).toEqual([]);
    expect(errorsOf(patient({ identifier: [{ value: 'a' }, { value: 'b' }, passing] }), definition)).toEqual([
      '.identifier[2].value is missing: the profile requires it',
      '.identifier may have the slice lasting at most 1 times, and has it 2 times',
    ]);
  });

  test('are told apart by the type or the profile of what they refer to', () => {
    const named = profile('named', 'Patient', [{ path: 'Patient.name', min: 1 }]);
    const definition = profile('a', 'List', [
      { path: 'List.entry', slicing: { discriminator: [{ type: 'type', path: 'item.resolve()' }], rules: 'open' } },
      { path: 'List.entry', sliceName: 'patient', max: '1' },
      { path: 'List.entry.item', type: [{ code: 'Reference', targetProfile: [`${core}Patient`] }] },
    ]);
    const list = (...references: string[]): JsonObject => ({
      resourceType: 'List',
      status: 'current',
      mode: 'working',
      entry: references.map((reference) => ({ item: { reference } })),
    });
    expect(errorsOf(list('Patient/1', 'Group/1', 'Group/2'), definition)).toEqual([]);
    expect(errorsOf(list('Patient/1', 'Patient/2'), definition)).toHaveLength(1);
    const bundle = profile('b', 'Bundle', [
      { path: 'Bundle.entry', slicing: { discriminator: [{ type: 'profile', path: 'resource' }], rules: 'closed' } },
      { path: 'Bundle.entry', sliceName: 'named', min: 1 },
      { path: 'Bundle.entry.resource', type: [{ code: 'Resource', profile: [named.url] }] },
    ]);
    const holding = (more: JsonObject): JsonObject => ({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ fullUrl: 'http://example.org/Patient/1', resource: { resourceType: 'Patient', id: '1', ...more } }],
    });
    expect(errorsOf(holding({ name: [{ text: 'a' }] }), bundle, named)).toEqual([]);
    expect(errorsOf(holding({}), bundle, named)).toHaveLength(2);
  });
});

describe('extensions', () => {
  const extension = profile(
    'colour',
    'Extension',
    [
      { path: 'Extension.extension', max: '0' },
      { path: 'Extension.url', fixedUri: `${own}colour` },
      { path: 'Extension.value[x]', min: 1, type: [{ code: 'code' }] },
    ],
    { context: [{ type: 'element', expression: 'Patient' }] },
  );
  const definition = profile('a', 'Patient', [
    {
      path: 'Patient.extension',
      sliceName: 'colour',
      min: 1,
      max: '1',
      type: [{ code: 'Extension', profile: [extension.url] }],
    },
  ]);

  test('are slices by their address, and checked against their definition', () => {
    const coloured = (value: JsonObject) => patient({ extension: [{ url: extension.url, ...value }] });
    expect(errorsOf(coloured({ valueCode: 'red' }), definition, extension)).toEqual([]);
    expect(errorsOf(patient({}), definition, extension)).toEqual([
      '.extension must have the slice colour at least once, and has it 0 times',
    ]);
    expect(errorsOf(coloured({ valueBoolean: true }), definition, extension)).toEqual([
      '.extension[0].value.ofType(boolean) must be of the type code, not boolean',
    ]);
  });

  test('stand only where their definition lets them', () => {
    const misplaced = patient({ name: [{ text: 'a', extension: [{ url: extension.url, valueCode: 'red' }] }] });
    expect(errorsOf(misplaced, profile('b', 'Patient', []), extension)).toEqual([
      `.name[0].extension[0] must not stand in Patient.name: ${extension.url} is for Patient`,
    ]);
  });

  test('of a primitive are found beside it', () => {
    const onBirthDate = profile('b', 'Patient', [
      { path: 'Patient.birthDate' },
      {
        path: 'Patient.birthDate.extension',
        sliceName: 'colour',
        min: 1,
        type: [{ code: 'Extension', profile: [extension.url] }],
      },
    ]);
    expect(errorsOf(patient({ birthDate: '2000' }), onBirthDate, extension)).toEqual([
      '.birthDate.extension must have the slice colour at least once, and has it 0 times',
    ]);
  });
});

describe('a profile of a profile', () => {
  const first = profile('first', 'Observation', [
    { path: 'Observation.component', slicing: { discriminator: [{ type: 'value', path: 'code' }], rules: 'open' } },
    { path: 'Observation.component', sliceName: 'one', max: '1' },
    { path: 'Observation.component.code', patternCodeableConcept: { text: 'one' } },
  ]);
  const second = profile('second', 'Observation', [{ path: 'Observation.component', sliceName: 'one', min: 1 }], {
    baseDefinition: first.url,
  });

  test('adds to the slices that it has from there', () => {
    const one = { code: { text: 'one' }, valueInteger: 1 };
    expect(errorsOf(observation({ component: [one] }), second, first)).toEqual([]);
    expect(errorsOf(observation({}), second, first)).toHaveLength(1);
    expect(errorsOf(observation({ component: [one, one] }), second, first)).toHaveLength(1);
  });

  test('that leads back to itself ends', () => {
    const circular = profile('circle', 'Patient', [{ path: 'Patient.name', min: 1 }], {
      baseDefinition: `${own}circle`,
    });
    expect(errorsOf(patient({ name: [{ text: 'a' }] }), circular)).toEqual([]);
    const linked = profile('linked', 'Patient', [
      { path: 'Patient.link.other', type: [{ code: 'Reference', targetProfile: [`${own}linked`] }] },
    ]);
    const self = patient({ id: 'p', link: [{ type: 'seealso', other: { reference: '#' } }] });
    expect(errorsOf(self, linked)).toEqual([]);
  });

  test('whose base nobody knows is taken from its snapshot', () => {
    const definition = {
      ...profile('snap', 'Patient', [], { baseDefinition: 'http://example.org/unknown' }),
      differential: { element: [] },
      snapshot: { element: [{ path: 'Patient' }, { path: 'Patient.name', min: 1 }] },
    };
    expect(errorsOf(patient({}), definition)).toEqual(['.name is missing: the profile requires it']);
  });
});

test('a profile about another type, or with an element that does not exist, says what can be said', () => {
  const definition = profile('a', 'Patient', [{ path: 'Patient.dateOfBirth', min: 1 }]);
  expect(errorsOf(patient({}), definition)).toEqual([]);
  expect(errorsOf(observation({}), definition)).toEqual([
    ` must be a Patient, as ${definition.url} is about, not a Observation`,
  ]);
});

test('a constraint that cannot be evaluated is a warning, not silence', () => {
  const constraint = [{ key: 'x-1', severity: 'error' as const, human: 'x', expression: 'name ===' }];
  const profiles = createProfiles([profile('a', 'Patient', [{ path: 'Patient', constraint }])]);
  const findings = validateResource(patient({}), { profiles, against: [`${own}a`] });
  expect(findings.map(({ severity, problem }) => `${severity} ${problem}`)).toContainEqual(
    expect.stringContaining('warning cannot be checked against x-1'),
  );
});

test('a profile that would cost too much is refused in words', () => {
  const many = Array.from({ length: 20_001 }, (_, index) => ({ path: `Patient.x${index}` }));
  expect(() => errorsOf(patient({}), profile('a', 'Patient', many))).toThrow('more than 20000 elements');
  const deep = [{ path: `Patient${'.a'.repeat(100)}` }];
  expect(() => errorsOf(patient({}), profile('a', 'Patient', deep))).toThrow('more than 50 steps');
});
