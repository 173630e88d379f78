import type { MedicationDispense, MedicationRequest } from 'fhir/r4.js';
import { expect, test } from 'vitest';
import { daysLeft, longTermMedicines } from './medicine.ts';

const request = (
  id: string,
  atc: string,
  authoredOn: string,
  more: Partial<MedicationRequest> = {},
): MedicationRequest => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: {},
  authoredOn,
  medicationCodeableConcept: { coding: [{ code: atc }] },
  courseOfTherapyType: { coding: [{ code: 'continuous' }] },
  ...more,
});

const dispense = (requestId: string, whenHandedOver: string, days: number): MedicationDispense => ({
  resourceType: 'MedicationDispense',
  status: 'completed',
  authorizingPrescription: [{ reference: `MedicationRequest/${requestId}` }],
  whenHandedOver,
  daysSupply: { value: days },
});

test('short courses and what has ended are no long-term medicines', () => {
  const acute = request('1', 'J01', '2026-11-01', { courseOfTherapyType: { coding: [{ code: 'acute' }] } });
  expect(longTermMedicines([acute, request('2', 'C08', '2020-01-01', { status: 'stopped' })], [])).toEqual([]);
});

test('a medicine stands once, by its newest prescription, and remembers its first', () => {
  const [medicine, ...others] = longTermMedicines(
    [request('1', 'C08', '2020-01-01'), request('2', 'C08', '2026-01-01')],
    [],
  );
  expect(others).toEqual([]);
  expect(medicine).toMatchObject({ id: '2', prescribed: '2026-01-01', since: '2020-01-01' });
});

test('the supply lasts from the last hand-over', () => {
  const [medicine] = longTermMedicines(
    [request('1', 'C08', '2020-01-01')],
    [
      dispense('1', '2026-11-01T00:00:00Z', 28),
      dispense('1', '2026-08-01T00:00:00Z', 28),
      dispense('2', '2026-11-20T00:00:00Z', 90),
    ],
  );
  expect(medicine?.suppliedUntil).toBe('2026-11-29');
  expect(medicine && daysLeft(medicine, new Date('2026-11-27T12:00:00'))).toBe(2);
});

test('where nothing is known of the supply, nothing is said', () => {
  const [medicine] = longTermMedicines([request('1', 'C08', '2020-01-01')], []);
  expect(medicine && daysLeft(medicine, new Date())).toBeUndefined();
});
