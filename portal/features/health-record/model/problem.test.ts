import type { Condition, Observation } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { controlOf } from './control-state.ts';
import { observationsToMeasurements } from './measurement.ts';
import { conditionsToProblems, type Problem } from './problem.ts';

function condition(icd: string, onset: string, status = 'active', category = 'problem-list-item'): Condition {
  return {
    resourceType: 'Condition',
    id: `${icd}-${onset}`,
    subject: {},
    clinicalStatus: { coding: [{ code: status }] },
    category: [{ coding: [{ code: category }] }],
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: icd }] },
    onsetDateTime: onset,
  };
}

const codes = (problems: readonly Problem[]) => problems.map(({ icd }) => icd);

describe('the problems of a person', () => {
  test('are those on the list, oldest first; what is over is history', () => {
    const { active, past } = conditionsToProblems([
      condition('E11.9', '2019-09'),
      condition('I10', '2014-03'),
      condition('A15.0', '1998', 'resolved'),
      condition('J00', '2026-11-12', 'active', 'encounter-diagnosis'),
    ]);
    expect(codes(active)).toEqual(['I10', 'E11.9']);
    expect(codes(past)).toEqual(['A15.0']);
  });

  test('stand once, as active when any of their entries is', () => {
    const { active, past } = conditionsToProblems([
      condition('I10', '2010', 'resolved'),
      condition('I10', '2014'),
      condition('I10', '2016'),
    ]);
    expect(active.map(({ since }) => since)).toEqual(['2014']);
    expect(past).toEqual([]);
  });

  test('are the diagnoses of visits where the record keeps no list', () => {
    const { active } = conditionsToProblems([condition('J45', '2020', 'active', 'encounter-diagnosis')]);
    expect(codes(active)).toEqual(['J45']);
  });

  test('leave out what was refuted', () => {
    const refuted = { ...condition('C50', '2020'), verificationStatus: { coding: [{ code: 'refuted' }] } };
    expect(conditionsToProblems([refuted]).active).toEqual([]);
  });
});

describe('the control of a long-term disease', () => {
  const now = new Date('2026-11-23T00:00:00');
  const [hypertension] = conditionsToProblems([condition('I10', '2014')]).active;
  const measured = (systolic: number, at: string): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ code: '85354-9' }] },
    effectiveDateTime: at,
    component: [
      { code: { coding: [{ code: '8480-6' }] }, valueQuantity: { value: systolic } },
      { code: { coding: [{ code: '8462-4' }] }, valueQuantity: { value: 80 } },
    ],
  });
  const stateBy = (...observations: Observation[]) =>
    hypertension && controlOf(hypertension, observationsToMeasurements(observations), now)?.state;

  test('follows the last value', () => {
    expect(stateBy(measured(152, '2026-08-19'), measured(136, '2026-11-01'))).toBe('controlled');
    expect(stateBy(measured(136, '2026-08-19'), measured(152, '2026-11-01'))).toBe('above-goal');
  });

  test('is not known from a value older than a year, nor without one', () => {
    expect(stateBy(measured(136, '2025-11-01'))).toBe('not-measured');
    expect(stateBy()).toBe('not-measured');
  });

  test('is not said of diseases for which the region has no rule', () => {
    const [knee] = conditionsToProblems([condition('M17.1', '2021')]).active;
    expect(knee && controlOf(knee, [], now)).toBeUndefined();
  });
});
