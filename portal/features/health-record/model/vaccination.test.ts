import type { Immunization } from 'fhir/r4.js';
import { expect, test } from 'vitest';
import { parseFamilyHistory } from './family-history.ts';
import { immunizationsToVaccinations } from './vaccination.ts';

const dose = (
  vaccine: string,
  occurrenceDateTime: string,
  status: Immunization['status'] = 'completed',
): Immunization => ({
  resourceType: 'Immunization',
  id: `${vaccine}-${occurrenceDateTime}`,
  status,
  patient: {},
  vaccineCode: { coding: [{ code: vaccine }] },
  occurrenceDateTime,
});

test('doses gather by vaccine, the newest first; what was not given does not count', () => {
  const vaccinations = immunizationsToVaccinations([
    dose('flu', '2024-10-20'),
    dose('ppv23', '2025-01-01'),
    dose('flu', '2025-10-22'),
    dose('flu', '2026-10-01', 'not-done'),
  ]);
  expect(vaccinations.map(({ latest, doses }) => [latest.given, doses.length])).toEqual([
    ['2025-10-22', 2],
    ['2025-01-01', 1],
  ]);
});

test('relatives without a disease are not told', () => {
  const father = {
    resourceType: 'FamilyMemberHistory' as const,
    status: 'completed' as const,
    patient: {},
    relationship: { text: 'father' },
  };
  expect(parseFamilyHistory([father])).toEqual([]);
  expect(parseFamilyHistory([{ ...father, condition: [{ code: { text: 'stroke' } }] }])[0]?.conditions).toEqual([
    { text: 'stroke' },
  ]);
});
