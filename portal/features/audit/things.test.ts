import { expect, test } from 'vitest';
import { purposeOf, roleOf, thingsOf } from './things.ts';

test('types are told once, in plain words, and whose they are only when nothing else was looked at', () => {
  expect(thingsOf(['Observation', 'Patient', 'DiagnosticReport', 'MedicationRequest'])).toEqual([
    'results',
    'medicines',
  ]);
  expect(thingsOf(['Patient'])).toEqual(['identity']);
  expect(thingsOf(['Basic'])).toEqual(['other']);
  expect(thingsOf([])).toEqual(['trail']);
});

test('what has no word is said to be unknown', () => {
  expect(purposeOf('TREAT')).toBe('TREAT');
  expect(purposeOf('X')).toBe('unknown');
  expect(roleOf('operator')).toBeUndefined();
});
