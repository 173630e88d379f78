import type { FhirResource } from 'fhir/r4.js';
import type { Day } from '../dates.ts';
import type { Household, Person } from '../residents/person.ts';
import { Chart } from './chart.ts';
import { drawHealth } from './health.ts';
import { checkDays } from './health-check.ts';
import { RegularCare } from './regular-care.ts';

/** Years of care of one resident. */
export function careOf(person: Person, household: Household, seed: number, now: Day): FhirResource[] {
  const chart = new Chart(person, household, seed, now);
  const health = drawHealth(chart);
  new RegularCare(chart, health, checkDays(chart, health)).write();
  return chart.resources;
}
