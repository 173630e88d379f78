import type { Term } from '../fhir.ts';
import type { ChronicKey } from '../tables/chronic-conditions.ts';
import { examinations, followUpClasses } from '../tables/programmes.ts';
import type { Chart } from './chart.ts';
import type { LongTermCondition } from './health.ts';
import { observeTerm } from './observe.ts';
import type { Visit } from './visit.ts';

export interface Readings {
  pressure: [number, number];
  glucose?: number;
}

/**
 * Classifies the visit for each programme by the specification of 2017: blood pressure below 140/90 (150/90 from 65 years),
 * fasting glucose below 7.0. Gives the conditions that are not controlled.
 */
export function classify(
  chart: Chart,
  visit: Visit,
  { pressure, glucose }: Readings,
  known: readonly LongTermCondition[],
  isEnrolled: boolean,
): ChronicKey[] {
  const uncontrolled: ChronicKey[] = [];
  const record = (key: ChronicKey, examination: Term, isControlled: boolean) => {
    if (!isControlled) uncontrolled.push(key);
    const value = isControlled ? followUpClasses.controlled : followUpClasses.uncontrolled;
    if (isEnrolled) observeTerm(chart, visit, examination, value, 'exam');
  };
  const systolicGoal = chart.ageAt(visit.day) >= 65 ? 150 : 140;
  for (const { key } of known) {
    if (key === 'hypertension') {
      const isControlled = Math.round(pressure[0]) < systolicGoal && Math.round(pressure[1]) < 90;
      record(key, examinations['hypertension-class'], isControlled);
    }
    if (key === 'diabetes' && glucose !== undefined) {
      record(key, examinations['type-2-diabetes-class'], Math.round(glucose * 10) < 70);
    }
  }
  return uncontrolled;
}
