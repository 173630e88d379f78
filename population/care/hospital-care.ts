import { type Day, printInstant } from '../dates.ts';
import { conceptOf } from '../fhir.ts';
import { type HospitalStay, hospitalStays } from '../tables/hospital-stays.ts';
import { panels } from '../tables/measures.ts';
import { bloodPressureOn } from './body.ts';
import type { Chart } from './chart.ts';
import { diagnose } from './diagnose.ts';
import type { Health } from './health.ts';
import { bloodCount, glucose, hepatic, renal, type Sample } from './laboratory.ts';
import { observe, observeBloodPressure } from './observe.ts';
import type { Prescription } from './prescribe.ts';
import { report } from './report.ts';
import { openVisit, practitionerReference, type Visit } from './visit.ts';

const years = 4;

/** Hospital stays of the last years: 5 % a year of the young, 20 % of the old (health statistics yearbook in outline). */
export function writeHospitalCare(chart: Chart, health: Health, medicines: readonly Prescription[]): void {
  const { random, now, last, person } = chart;
  for (let ago = years; ago >= 1; ago--) {
    const day = now - ago * 365 + random.int(0, 364);
    const age = chart.ageAt(day);
    if (day < person.birthDay + 60 || day >= last) continue;
    const isDue =
      person.script === 'rich' ? ago === 1 : random.chance(yearlyShare(age) * (1 + 0.25 * health.conditions.length));
    if (isDue) writeStay({ chart, health, medicines, day }, chooseStay(chart, health, age, day));
  }
}

function yearlyShare(age: number): number {
  if (age < 7) return 0.06;
  if (age < 45) return 0.025;
  return age < 65 ? 0.04 : 0.085;
}

function chooseStay({ random, person }: Chart, { conditions }: Health, age: number, day: Day): HospitalStay {
  const scripted = person.script === 'rich' ? hospitalStays.find(({ needs }) => needs === 'diabetes') : undefined;
  if (scripted !== undefined) return scripted;
  const had = new Set(conditions.filter(({ onset }) => onset < day).map(({ key }) => key));
  return random.weighted(hospitalStays, ({ needs, ages: [from, to], weight, sex }) => {
    const fits = age >= from && age <= to && (sex ?? person.sex) === person.sex;
    return fits && (needs === undefined || had.has(needs)) ? weight : 0;
  });
}

interface Admission {
  chart: Chart;
  health: Health;
  medicines: readonly Prescription[];
  day: Day;
}

function writeStay({ chart, health, medicines, day }: Admission, stay: HospitalStay): void {
  const { body } = health;
  const { random, household, last } = chart;
  const { hospital, cityHospital } = household.village.county;
  const at = random.chance(0.75) ? hospital : cityHospital;
  const planned = random.int(...stay.nights);
  const nights = chart.person.deathDay === undefined ? planned : Math.min(planned, last - day);
  const department =
    chart.ageAt(day) < 14 && stay.department !== 'surgery' && stay.department !== 'orthopaedics'
      ? 'paediatrics'
      : stay.department;
  const visit = openVisit(chart, { kind: 'inpatient', day, at, department, reasons: [stay.term], nights });
  const resolved = stay.needs === undefined ? day + nights + random.int(5, 25) : day + nights;
  const condition = diagnose(chart, {
    term: stay.term,
    onset: day - random.int(0, 4),
    resolved,
    visit,
    recorded: day,
    isProblem: false,
  });
  const sample = { chart, visit, body, medicines };
  const isAdult = chart.ageAt(day) >= 18;
  writeAdmissionSigns(sample, stay, isAdult);
  bloodCount(sample, stay.infection);
  if (stay.infection) observe(chart, visit, 'crp', Math.max(9, random.normal(48, 24)));
  if (isAdult) {
    observe(chart, visit, 'potassium', random.normal(4.1, 0.35));
    observe(chart, visit, 'sodium', random.normal(140, 2));
    renal(sample);
    hepatic(sample);
  }
  if (stay.needs === 'diabetes') glucose(sample, true);
  if (stay.imaging !== undefined) {
    const { code, conclusion } = stay.imaging;
    report(chart, visit, code === 'abdominalUltrasound' ? 'OUS' : 'RAD', panels[code], { conclusion });
  }
  if (stay.procedure !== undefined) writeProcedure(chart, visit, stay, condition.reference ?? '');
}

function writeAdmissionSigns(
  { chart, visit, body, medicines }: Sample,
  { infection, department }: HospitalStay,
  isAdult: boolean,
): void {
  const { random } = chart;
  observe(chart, visit, 'temperature', infection ? Math.min(40.2, random.normal(38.2, 0.6)) : random.normal(36.6, 0.2));
  if (isAdult) observeBloodPressure(chart, visit, ...bloodPressureOn(chart, body, medicines, visit.day));
  if (department !== 'respiratory') return;
  observe(chart, visit, 'respiration', random.normal(21, 2));
  observe(chart, visit, 'oxygen', Math.min(99, random.normal(94, 2)));
}

function writeProcedure(chart: Chart, visit: Visit, { procedure }: HospitalStay, condition: string): void {
  if (procedure === undefined || visit.day >= chart.last) return;
  chart.add({
    resourceType: 'Procedure',
    id: chart.nextId(),
    status: 'completed',
    code: conceptOf(procedure),
    subject: chart.subject,
    encounter: visit.reference,
    performedPeriod: { start: printInstant(visit.day + 1, 570), end: printInstant(visit.day + 1, 660) },
    performer: [{ actor: practitionerReference(visit.by) }],
    reasonReference: [{ reference: condition }],
  });
}
