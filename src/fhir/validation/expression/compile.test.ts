import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import { compileExpression, compileInvariant } from './compile.ts';
import { invariantOf } from './invariants.ts';

const patient: JsonObject = {
  resourceType: 'Patient',
  id: 'p1',
  active: true,
  name: [
    { family: 'Li', given: ['Na', 'Mei'] },
    { text: '李娜', use: 'nickname' },
  ],
  gender: 'female',
  birthDate: '1985-04-12',
  _birthDate: { extension: [{ url: 'http://example.org/time', valueTime: '10:00:00' }] },
  deceasedBoolean: false,
  multipleBirthInteger: 2,
  contained: [{ resourceType: 'Organization', id: 'o1', name: 'Clinic' }],
  managingOrganization: { reference: '#o1' },
};

const around = { resource: patient, root: patient };

const evaluate = (expression: string): readonly JsonValue[] =>
  compileExpression(expression, 'Patient').run([patient], around);

test.each<[string, JsonValue[]]>([
  ["name.where(use = 'nickname').text", ['李娜']],
  ['name.given', ['Na', 'Mei']],
  ['Patient.name.first().family', ['Li']],
  ['name[1].text', ['李娜']],
  ['name.given.count()', [2]],
  ['name.given | gender', ['Na', 'Mei', 'female']],
  ["name.family & '-' & gender", ['Li-female']],
  ['multipleBirth.ofType(integer) + 1', [3]],
  ['7 mod 4 + 6 div 4 * 2', [5]],
  ['gender.substring(0, 3).upper()', ['FEM']],
  ["birthDate.replace('-', '').length()", [8]],
  ['iif(active, 1, 2)', [1]],
  ['%resource.id', ['p1']],
  ['name.select(given.first() | family)', ['Na', 'Li']],
  ['contained.ofType(Organization).name', ['Clinic']],
  ['{}', []],
  ['managingOrganization.extension', []],
])('%s', (expression, expected) => {
  expect(evaluate(expression)).toEqual(expected);
});

test.each([
  'active',
  "gender = 'female' and active",
  "gender in ('male' | 'female')",
  "('male' | 'female') contains gender",
  'deceased.exists() and deceased is boolean',
  'multipleBirth is Integer',
  '(multipleBirth as integer) > 1',
  'birthDate.hasValue() and birthDate.exists()',
  'birthDate < @2000-01-01 or true',
  "birthDate >= '1985' and birthDate <= '1985-04'",
  'name.all(text.exists() or family.exists())',
  'name.given.isDistinct()',
  "name.family.matches('^L')",
  'active xor deceased.exists().not()',
  'active implies gender.exists()',
  'photo.empty()',
  "extension('http://nowhere').empty()",
  'name.exists(given.count() = 2)',
  "descendants().where($this = 'Clinic').exists()",
  'name.given.allTrue() or true',
  '%context.gender = gender',
])('holds: %s', (expression) => {
  const holds = invariantOf(expression, 'Patient', 'Patient');
  expect(holds(patient, around)).toBe(true);
});

describe('an invariant', () => {
  test('holds where the result is empty, as what is not there breaks no rule about it', () => {
    expect(compileInvariant("maritalStatus.text = 'x'", ['Patient'], 'Patient')(patient, around)).toBe(true);
    expect(compileInvariant("gender = 'male'", ['Patient'], 'Patient')(patient, around)).toBe(false);
  });

  test('sees a primitive that has extensions and no value', () => {
    const resource: JsonObject = { resourceType: 'Patient', _gender: { id: 'g' } };
    const holds = (expression: string) =>
      compileInvariant(expression, ['Patient'], 'Patient')(resource, { resource, root: resource });
    expect(holds('gender.exists()')).toBe(true);
    expect(holds('gender.hasValue()')).toBe(false);
    expect(holds("gender = 'male'")).toBe(false);
  });

  test.each([
    'nonsense.exists()',
    'name.foo()',
    'name.',
    '(name',
    "name.where(use = 'x'",
    '@2020 + 1 week',
    '$total',
    'name.aggregate($this)',
    'constructor.exists()',
    'name.constructor()',
    'name.__proto__',
  ])('that is not understood is refused: %s', (expression) => {
    expect(() => compileInvariant(expression, ['Patient'], 'Patient')).toThrow();
  });

  test('that only the fhirpath package understands is left to it, and one that nobody understands says why', () => {
    const holds = (expression: string) => invariantOf(expression, 'Patient', 'Patient')(patient, around);
    expect(holds("name.given.join(',') = 'Na,Mei'")).toBe(true);
    expect(holds("name.given.join(',') = 'Na'")).toBe(false);
    expect(holds('name ===')).toContain('no FHIRPath');
    expect(holds("id.repeat($this & 'x').exists()")).toContain('takes more than');
  });
});
