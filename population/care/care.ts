import type { FhirResource } from 'fhir/r4.js';
import type { Day } from '../dates.ts';
import type { Household, Person } from '../residents/person.ts';
import { writeAcuteCare, writeSingleVisit } from './acute-care.ts';
import { writeBackground } from './background.ts';
import { Chart } from './chart.ts';
import { writeChildHealth } from './child-health.ts';
import { drawHealth } from './health.ts';
import { checkDays } from './health-check.ts';
import { writeHospitalCare } from './hospital-care.ts';
import { writeImmunizations } from './immunize.ts';
import { writeMaternity } from './maternity.ts';
import { stop } from './prescribe.ts';
import { RegularCare } from './regular-care.ts';

/** Years of care of one resident. */
export function careOf(person: Person, household: Household, seed: number, now: Day): FhirResource[] {
  const chart = new Chart(person, household, seed, now);
  if (person.script === 'single-entry') {
    writeSingleVisit(chart);
    return chart.resources;
  }
  const health = drawHealth(chart);
  writeBackground(chart, health);
  writeImmunizations(chart);
  writeChildHealth(chart);
  writeMaternity(chart, health.body);
  const medicines = new RegularCare(chart, health, checkDays(chart, health)).write();
  writeAcuteCare(chart, health, medicines);
  writeHospitalCare(chart, health, medicines);
  if (person.deathDay !== undefined) for (const medicine of medicines) stop(medicine);
  return chart.resources;
}
