import { describe, expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson, printJson } from '#lib/json/index.ts';
import { applyFhirPathPatch } from './fhirpath-patch.ts';

const parts = (members: Record<string, object>) => Object.entries(members).map(([name, part]) => ({ name, ...part }));

type Members = Record<string, object>;

const patchOf = (...operations: Members[]): JsonObject =>
  ({
    resourceType: 'Parameters',
    parameter: operations.map((members) => ({ name: 'operation', part: parts(members) })),
  }) as unknown as JsonObject;

const operation = (type: string, path: string, more: Members = {}): Members => ({
  type: { valueCode: type },
  path: { valueString: path },
  ...more,
});

const apply = (resource: object, ...operations: Members[]) =>
  applyFhirPathPatch(resource as JsonObject, patchOf(...operations));

async function failureOf(resource: object, ...operations: Members[]): Promise<Failure> {
  const result = await apply(resource, ...operations).catch((error: unknown) => error);
  if (result instanceof Failure) return result;
  throw result instanceof Error ? result : new Error('The patch was applied');
}

describe('choice elements', () => {
  const observation = { resourceType: 'Observation', valueQuantity: { value: 1 } };

  test('are found and replaced by the name without a type', async () => {
    const replaced = await apply(
      observation,
      operation('replace', 'Observation.value', { value: { valueString: 'x' } }),
    );
    expect(replaced).toEqual({ resourceType: 'Observation', valueString: 'x' });
  });

  test('are added under the name of their type, once', async () => {
    const add = operation('add', 'Patient', { name: { valueString: 'deceased' }, value: { valueBoolean: true } });
    expect(await apply({ resourceType: 'Patient' }, add)).toEqual({ resourceType: 'Patient', deceasedBoolean: true });
    expect((await failureOf({ resourceType: 'Patient', deceasedDateTime: '2020' }, add)).message).toContain(
      'replace it',
    );
  });

  test('of a type that is none of the choices are refused', async () => {
    const add = operation('add', 'Patient', { name: { valueString: 'deceased' }, value: { valueString: 'yes' } });
    expect((await failureOf({ resourceType: 'Patient' }, add)).message).toContain('deceasedBoolean, deceasedDateTime');
  });
});

describe('primitives', () => {
  const patient = {
    resourceType: 'Patient',
    name: [{ given: ['A', null, 'C'], _given: [null, { id: 'b' }, { id: 'c' }] }],
    birthDate: '2000',
  };

  test('take their ids and extensions along when they move', async () => {
    const move = operation('move', 'Patient.name[0].given', {
      source: { valueInteger: 2 },
      destination: { valueInteger: 0 },
    });
    const full = { ...patient, name: [{ given: ['A', 'B', 'C'], _given: [null, { id: 'b' }, { id: 'c' }] }] };
    expect((await apply(full, move)).name).toEqual([
      { given: ['C', 'A', 'B'], _given: [{ id: 'c' }, null, { id: 'b' }] },
    ]);
  });

  test('that have no value are there all the same', async () => {
    const move = operation('move', 'Patient.name[0].given', {
      source: { valueInteger: 1 },
      destination: { valueInteger: 0 },
    });
    expect((await apply(patient, move)).name).toEqual([
      { given: [null, 'A', 'C'], _given: [{ id: 'b' }, null, { id: 'c' }] },
    ]);
    const masked = { resourceType: 'Patient', _birthDate: { id: 'x' } };
    expect(await apply(masked, operation('delete', 'Patient.birthDate'))).toEqual({ resourceType: 'Patient' });
  });

  test('can be deleted with what belongs to them', async () => {
    const full = { ...patient, _birthDate: { id: 'x' } };
    const { birthDate, _birthDate } = await apply(full, operation('delete', 'Patient.birthDate'));
    expect([birthDate, _birthDate]).toEqual([undefined, undefined]);
  });

  test('get extensions beside them', async () => {
    const extended = await apply(
      patient,
      operation('add', 'Patient.birthDate', {
        name: { valueString: 'extension' },
        value: { part: parts({ url: { valueUri: 'urn:x' }, value: { valueCode: 'y' } }) },
      }),
      operation('replace', "Patient.birthDate.extension('urn:x').value", { value: { valueCode: 'z' } }),
    );
    expect(extended._birthDate).toEqual({ extension: [{ url: 'urn:x', valueCode: 'z' }] });
  });

  test('keep every digit', async () => {
    const observation = parseJson('{"resourceType":"Observation","valueQuantity":{"value":1.00}}') as JsonObject;
    const patch = parseJson(
      '{"parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Observation"},{"name":"name","valueString":"referenceRange"},{"name":"value","part":[{"name":"low","valueQuantity":{"value":2.50}}]}]}]}',
    ) as JsonObject;
    expect(printJson(await applyFhirPathPatch(observation, patch))).toBe(
      '{"resourceType":"Observation","valueQuantity":{"value":1.00},"referenceRange":[{"low":{"value":2.50}}]}',
    );
  });
});

test('a resource is put into contained, and changed there', async () => {
  const changed = await apply(
    { resourceType: 'Patient' },
    operation('add', 'Patient', {
      name: { valueString: 'contained' },
      value: { resource: { resourceType: 'Organization', id: 'o', name: 'Before' } },
    }),
    operation('replace', "Patient.contained.where(id = 'o').name", { value: { valueString: 'After' } }),
  );
  expect(changed.contained).toEqual([{ resourceType: 'Organization', id: 'o', name: 'After' }]);
});

test('an entry comes into a list that is not there yet', async () => {
  const insert = operation('insert', 'Patient.name', {
    index: { valueInteger: 0 },
    value: { valueHumanName: { text: 'x' } },
  });
  expect(await apply({ resourceType: 'Patient' }, insert)).toEqual({ resourceType: 'Patient', name: [{ text: 'x' }] });
});

test('deleting the last part of an element deletes the element', async () => {
  const patient = { resourceType: 'Patient', name: [{ given: ['A'] }] };
  expect(await apply(patient, operation('delete', 'Patient.name[0].given[0]'))).toEqual({ resourceType: 'Patient' });
});

test('deleting what is not there is done already', async () => {
  const patient = { resourceType: 'Patient' };
  expect(await apply(patient, operation('delete', 'Patient.birthDate'))).toEqual(patient);
});

test('the resource that was given stays as it is', async () => {
  const patient = { resourceType: 'Patient', name: [{ given: ['A'] }] };
  const before = JSON.stringify(patient);
  await apply(patient, operation('delete', 'Patient.name[0]'));
  expect(JSON.stringify(patient)).toBe(before);
});

describe('refused', () => {
  const patient = { resourceType: 'Patient', name: [{ family: 'A' }, { family: 'B' }], gender: 'male' };

  test.each([
    ['a path to several elements', operation('delete', 'Patient.name'), 'processing', '2 elements'],
    [
      'a path of another type',
      operation('replace', 'Person.gender', { value: { valueCode: 'x' } }),
      'processing',
      'nothing',
    ],
    [
      'a place outside the list',
      operation('move', 'Patient.name', { source: { valueInteger: 0 }, destination: { valueInteger: 2 } }),
      'processing',
      'no place 2',
    ],
    [
      'a part of a list',
      operation('move', "Patient.name.where(family = 'B')", {
        source: { valueInteger: 0 },
        destination: { valueInteger: 0 },
      }),
      'processing',
      'whole of one list',
    ],
    [
      'an unknown element',
      operation('add', 'Patient', { name: { valueString: 'nmae' }, value: { valueString: 'x' } }),
      'value',
      'no element nmae',
    ],
    [
      'the prototype',
      operation('add', 'Patient', { name: { valueString: '__proto__' }, value: { valueString: 'x' } }),
      'value',
      'no element',
    ],
    [
      'a second single element',
      operation('add', 'Patient', { name: { valueString: 'gender' }, value: { valueCode: 'x' } }),
      'processing',
      'there already',
    ],
    ['the resource itself', operation('delete', 'Patient'), 'value', 'resource itself'],
    ['an unknown type', operation('merge', 'Patient'), 'value', 'must be add'],
    ['a missing value', operation('replace', 'Patient.gender'), 'required', 'value'],
    ['a computed value', operation('delete', 'Patient.name.count()'), 'value', 'computes a value'],
    ['no FHIRPath', operation('delete', 'Patient..name'), 'value', 'no FHIRPath'],
    [
      'a negative place',
      operation('insert', 'Patient.name', { index: { valueInteger: -1 }, value: { valueHumanName: {} } }),
      'value',
      'from 0',
    ],
    ['a part that stands twice', { ...operation('delete', 'Patient.gender') }, 'value', 'twice'],
  ])('%s', async (name, members, code, words) => {
    const patch = patchOf(members);
    if (name === 'a part that stands twice') {
      const [first] = patch.parameter as { part: object[] }[];
      first?.part.push({ name: 'path', valueString: 'x' });
    }
    const failure = await applyFhirPathPatch(patient as unknown as JsonObject, patch).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  test.each([
    "Patient.name.where(family.matches('(a+)+$'))",
    'Patient.descendants()',
    'Patient.repeat(children())',
    'Patient.generalPractitioner.resolve()',
    "Patient.trace('x')",
    '%resource.name | Patient.name',
    "%factory.string('x')",
  ])('the function in %s', async (path) => {
    expect(await failureOf(patient, operation('delete', path))).toMatchObject({ code: 'not-supported' });
  });

  test('a path that would take for ever', async () => {
    const many = {
      resourceType: 'Patient',
      name: Array.from({ length: 2000 }, (_, index) => ({ family: `F${index}` })),
    };
    const path = 'Patient.name.where(%context.name.where(%context.name.where(family = $this).empty()).empty())';
    expect((await failureOf(many, operation('delete', path))).code).toBe('too-costly');
  });

  test('a path of endless brackets', async () => {
    expect(await failureOf(patient, operation('delete', '('.repeat(999)))).toBeInstanceOf(Failure);
    expect((await failureOf(patient, operation('delete', 'x'.repeat(1001)))).code).toBe('too-long');
  });
});
