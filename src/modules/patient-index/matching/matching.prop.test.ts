import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { blockKeysOf } from './block-keys.ts';
import { printPerson, readPerson } from './derive.ts';
import { defaultModel } from './model.ts';
import { editDistance, isOneEdit } from './names/latin.ts';
import { parsePatient } from './parse-patient.ts';
import { compareEvidence } from './score.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
const characters = fc.string({ unit: fc.constantFrom(...'王张張伟偉小晓明单曾之子女·a 1'), maxLength: 6 });
const date = fc.constantFrom('1990', '1990-03', '1990-03-07', '1990-07-03', '1955-11-25');

const patient = fc
  .record(
    {
      name: fc.array(fc.record({ text: characters }), { maxLength: 3 }),
      birthDate: date,
      gender: fc.constantFrom('male', 'female', 'unknown'),
      telecom: fc.array(
        fc.record({ system: fc.constant('phone'), value: fc.constantFrom('13800001111', '13800001112') }),
        { maxLength: 2 },
      ),
      address: fc.array(fc.record({ text: fc.constantFrom('幸福村3组12号', '和平街9号', '') }), { maxLength: 2 }),
      identifier: fc.array(fc.record({ system: fc.constantFrom('a', 'b'), value: fc.constantFrom('12345', '12346') }), {
        maxLength: 2,
      }),
      multipleBirthInteger: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  )
  .map((fields) => ({ resourceType: 'Patient', ...fields }) as unknown as JsonObject);

test('one edit is an edit distance of one', () => {
  fc.assert(
    fc.property(letters, letters, (left, right) => {
      expect(isOneEdit(left, right)).toBe(editDistance(left, right, 3) === 1);
    }),
  );
});

test('a comparison says the same from both sides, and its weights are its score', () => {
  fc.assert(
    fc.property(patient, patient, (first, second) => {
      const [left, right] = [parsePatient(first), parsePatient(second)];
      const there = compareEvidence(defaultModel, left, right);
      const back = compareEvidence(defaultModel, right, left);
      expect(back.score).toBeCloseTo(there.score, 9);
      expect(back.band).toBe(there.band);
      expect(back.rules).toEqual(there.rules);
      expect(there.fields.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(there.score, 9);
      expect(Number.isFinite(there.score)).toBe(true);
    }),
  );
});

test('whatever JSON a Patient is, it is a person with a bounded number of keys, and survives being stored', () => {
  const anything = fc.record({
    name: fc.jsonValue(),
    birthDate: fc.jsonValue(),
    identifier: fc.jsonValue(),
    telecom: fc.jsonValue(),
    address: fc.oneof(
      fc.jsonValue(),
      fc.array(fc.dictionary(fc.constantFrom('line', 'text', 'extension'), fc.jsonValue())),
    ),
    contact: fc.array(fc.dictionary(fc.constantFrom('relationship', 'name'), fc.jsonValue())),
    extension: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.oneof(anything, patient), (given) => {
      const person = parsePatient(given as JsonObject);
      const keys = blockKeysOf(person).map(({ key }) => key);
      expect(keys.length).toBeLessThan(300);
      expect(keys.every((key) => Number.isSafeInteger(key) && key > 0)).toBe(true);
      expect(new Set(keys).size).toBe(keys.length);
      const stored = readPerson(printPerson(person));
      expect(blockKeysOf(stored).map(({ key }) => key)).toEqual(keys);
      expect(compareEvidence(defaultModel, stored, person).score).toBe(
        compareEvidence(defaultModel, person, person).score,
      );
    }),
  );
});
