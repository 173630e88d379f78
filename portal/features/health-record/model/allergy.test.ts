import type { AllergyIntolerance } from 'fhir/r4.js';
import { expect, test } from 'vitest';
import { parseAllergies } from './allergy.ts';

const allergy = (more: Partial<AllergyIntolerance>): AllergyIntolerance => ({
  resourceType: 'AllergyIntolerance',
  patient: {},
  ...more,
});
const noneKnown = (recordedDate: string) => allergy({ recordedDate, code: { coding: [{ code: '716186003' }] } });

test('nothing recorded is not the same as none known', () => {
  expect(parseAllergies([])).toEqual({ state: 'not-recorded' });
  expect(parseAllergies([noneKnown('2024-01-01'), noneKnown('2026-11-12')])).toMatchObject({
    state: 'none-known',
    asked: '2026-11-12',
  });
});

test('an allergy outweighs an earlier answer that there is none; the gravest comes first', () => {
  const parsed = parseAllergies([
    noneKnown('2020-01-01'),
    allergy({ id: 'cough', criticality: 'low', reaction: [{ severity: 'moderate', manifestation: [] }] }),
    allergy({ id: 'shock', criticality: 'high' }),
  ]);
  expect(parsed.state === 'some' && parsed.allergies.map(({ id, grade }) => [id, grade])).toEqual([
    ['shock', 'severe'],
    ['cough', 'moderate'],
  ]);
});

test('what is resolved or was refuted is not shown', () => {
  const resolved = allergy({ clinicalStatus: { coding: [{ code: 'resolved' }] } });
  const refuted = allergy({ verificationStatus: { coding: [{ code: 'refuted' }] } });
  expect(parseAllergies([resolved, refuted])).toEqual({ state: 'not-recorded' });
});
