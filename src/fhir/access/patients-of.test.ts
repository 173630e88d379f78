import { expect, test } from 'vitest';
import { patientsOf } from './patients-of.ts';

const of = (resource: object, type = 'Observation') =>
  patientsOf([{ type, id: 'own', content: JSON.stringify(resource) }]);

test.each<[object, string[]]>([
  [{ subject: { reference: 'Patient/p' } }, ['p']],
  [{ subject: { identifier: { value: 'x' }, reference: 'Patient/p' } }, ['p']],
  [{ subject: { display: '}"],', extension: [{ valueString: '\\' }], reference: 'Patient/p' } }, ['p']],
  [{ subject: [{ reference: 'Patient/p' }, { reference: 'Patient/q' }] }, ['p', 'q']],
  [{ participant: [{ actor: { type: 'Patient', identifier: {}, reference: 'Patient/p' } }] }, ['p']],
  [{ for: { reference: 'Patient/p' }, owner: { reference: 'Patient/q' } }, ['p']],
  [{ subject: { display: '"reference":"Patient/q"', reference: 'Group/g' } }, []],
  [{ note: [{ text: '"subject":{"reference":"Patient/q"}' }] }, []],
])('%j belongs to %j, however it is written', (resource, expected) => {
  expect(of(resource)).toEqual(expected);
});

test('a Patient belongs to its own record, and nobody else’s', () => {
  expect(of({ link: [{ other: { reference: 'Patient/q' } }] }, 'Patient')).toEqual(['own']);
});

test('what ends in the middle does not go on for ever', () => {
  expect(patientsOf([{ type: 'Basic', id: 'x', content: '{"subject":{"reference":"Patient/p' }])).toEqual(['p']);
  expect(patientsOf([{ type: 'Basic', id: 'x', content: `{"subject":${'['.repeat(100_000)}` }])).toEqual([]);
});
