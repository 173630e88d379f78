import type { Body } from '../care/body.ts';
import type { ChronicKey } from '../tables/chronic-conditions.ts';

/** The conditions of the demonstration's older resident, and the years that each has lasted. */
export const richConditions: readonly (readonly [ChronicKey, number])[] = [
  ['hypertension', 12.7],
  ['diabetes', 7.2],
  ['osteoarthritis', 5.4],
  ['hyperlipidaemia', 4.1],
];

/** Treatment that works, but not fully: blood pressure mostly at its target, HbA1c coming down towards it. */
export const richBody: Partial<Body> = {
  height: 157.6,
  bmi: 24.6,
  bmiPerYear: -0.15,
  systolic: 166,
  diastolic: 95,
  hba1c: 9.9,
  ldl: 4.1,
  creatinine: 66,
  adherence: 0.95,
  smokes: false,
};
