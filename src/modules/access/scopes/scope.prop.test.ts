import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resourceTypes } from '#fhir/definitions/index.ts';
import { parseScope, printScope, type ResourceScope, scopeLetters } from './scope.ts';

const scope: fc.Arbitrary<ResourceScope> = fc.record({
  context: fc.constantFrom('patient' as const, 'user' as const, 'system' as const),
  type: fc.constantFrom('*', ...resourceTypes),
  letters: fc.subarray([...scopeLetters], { minLength: 1 }),
  query: fc.array(
    fc.tuple(fc.stringMatching(/^[a-z_:-]{1,12}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })),
    { maxLength: 3 },
  ),
});

test('what is printed is read back', () => {
  fc.assert(
    fc.property(scope, (value) => {
      expect(parseScope(printScope(value))).toEqual(value);
    }),
  );
});

test('what is no scope of resources grants nothing, whatever is written', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = parseScope(text);
      if (parsed) expect(text).toMatch(/^(patient|user|system)\//);
    }),
  );
});

test.each([
  ['patient/Observation.rs', 'patient/Observation.rs'],
  ['patient/Observation.read', 'patient/Observation.rs'],
  ['user/*.write', 'user/*.cud'],
  ['system/*.*', 'system/*.cruds'],
  ['patient/Observation.rs?category=laboratory', 'patient/Observation.rs?category=laboratory'],
])('%s means %s', (text, meant) => {
  const parsed = parseScope(text);
  expect(parsed && printScope(parsed)).toBe(meant);
});

test.each([
  'openid',
  'launch/patient',
  'offline_access',
  'patient/Observation',
  'patient/Observation.',
  'patient/Observation.sr',
  'patient/Observation.rr',
  'patient/Observation.readwrite',
  'patient/Observation.read?category=laboratory',
  'patient/Observations.rs',
  'patients/Observation.rs',
  'Patient/Observation.rs',
  'patient/*.rs\nsystem/*.cruds',
  ' patient/*.rs',
  'patient/*.RS',
  'patient/__proto__.rs',
  'patient/Observation.toString',
  'patient/Observation.rs?',
])('%j grants nothing', (text) => {
  expect(parseScope(text)).toBeUndefined();
});
