import { type Day, monthOf } from '../dates.ts';
import type { Institution } from '../institutions/institution.ts';
import { type AcuteCondition, acuteConditions } from '../tables/acute-conditions.ts';
import type { DepartmentKey } from '../tables/departments.ts';
import { findings } from '../tables/findings.ts';
import { facts } from '../tables/measures.ts';
import { bloodPressureOn } from './body.ts';
import type { Chart } from './chart.ts';
import { diagnose } from './diagnose.ts';
import type { Health } from './health.ts';
import { bloodCount } from './laboratory.ts';
import { observe, observeBloodPressure, observeTerm } from './observe.ts';
import { type Prescription, prescribe } from './prescribe.ts';
import { openVisit, plannedDay, type Visit } from './visit.ts';

const years = 2;
/** Visits a year that reach the record, by age group (assumption; the national statistics count 6 of all kinds). */
const visitsPerYear = [1.8, 0.7, 0.5, 0.65, 0.8] as const;

/** Visits for complaints that pass. */
export function writeAcuteCare(chart: Chart, health: Health, medicines: readonly Prescription[]): void {
  const { random, now, last, person } = chart;
  let day = Math.max(now - years * 365, person.birthDay + 40);
  for (;;) {
    const rate = visitsPerYear[groupOf(chart.ageAt(day))] ?? 0.6;
    day += Math.max(9, Math.round((-Math.log(1 - random.next()) / rate) * 365));
    if (day >= last) return;
    writeVisit(chart, health, plannedDay(chart, day), medicines);
  }
}

/** The one visit of a record that has only one. */
export function writeSingleVisit(chart: Chart): void {
  const condition = acuteConditions.find(({ term }) => term.code === 'S93.4');
  if (condition === undefined) return;
  const { hospital } = chart.household.village.county;
  openVisit(chart, {
    kind: 'outpatient',
    day: plannedDay(chart, chart.now - 112),
    at: hospital,
    department: condition.department,
    reasons: [condition.term],
  });
}

function writeVisit(chart: Chart, health: Health, day: Day, taken: readonly Prescription[]): void {
  const { random } = chart;
  const age = chart.ageAt(day);
  const condition = random.weighted(acuteConditions, (each) => weightOf(each, age, day));
  const at = placeOf(chart, condition);
  const department = departmentOf(condition, at, age);
  const kind = at.kind.code.endsWith('hospital') ? 'outpatient' : 'clinic';
  const visit = openVisit(chart, { kind, day, at, department, reasons: [condition.term] });
  const onset = Math.max(chart.person.birthDay, day - random.int(0, 3));
  const resolved = day + condition.days + random.int(-2, 4);
  const reference = diagnose(chart, { term: condition.term, onset, resolved, visit, recorded: day, isProblem: false });
  if (condition.fever) observe(chart, visit, 'temperature', Math.max(36.3, random.normal(37.8, 0.7)));
  if (age >= 35 && random.chance(0.5))
    observeBloodPressure(chart, visit, ...bloodPressureOn(chart, health.body, taken, day));
  test(chart, visit, health, condition);
  const medicines = age < 12 ? (condition.childMedicines ?? []) : condition.medicines;
  for (const medicine of medicines) {
    if (!isAllergic(health, medicine))
      prescribe(chart, visit, medicine, { reason: reference, days: Math.min(7, condition.days) });
  }
}

/** Village doctors and health centres see everything in general practice; hospitals send children to the paediatricians. */
function departmentOf({ department }: AcuteCondition, { kind }: Institution, age: number): DepartmentKey {
  if (!kind.code.endsWith('hospital')) return 'general';
  return age < 14 && medicalDepartments.has(department) ? 'paediatrics' : department;
}

const medicalDepartments: ReadonlySet<DepartmentKey> = new Set(['respiratory', 'digestive', 'neurology', 'nephrology']);

function isAllergic({ avoids }: Health, medicine: string): boolean {
  return avoids.some((start) => medicine.startsWith(start));
}

function test(chart: Chart, visit: Visit, { body }: Health, { tests, term }: AcuteCondition): void {
  if (tests === undefined || visit.at.kind.code.endsWith('clinic')) return;
  const { random } = chart;
  if (tests.includes('blood-count')) bloodCount({ chart, visit, body, medicines: [] }, term.code !== 'J10.1');
  if (tests.includes('crp')) observe(chart, visit, 'crp', Math.max(1, random.normal(18, 12)));
  if (tests.includes('urine'))
    observeTerm(
      chart,
      visit,
      facts.urineProtein,
      random.chance(0.7) ? findings.negative : findings.trace,
      'laboratory',
    );
}

function placeOf({ random, household }: Chart, { where }: AcuteCondition): Institution {
  const { clinic, centre, county } = household.village;
  const draw = random.next();
  if (where === 'hospital') return draw < 0.85 ? county.hospital : county.cityHospital;
  if (where === 'near') return draw < 0.5 ? clinic : draw < 0.8 ? centre : county.hospital;
  return draw < 0.55 ? centre : draw < 0.9 ? county.hospital : county.cityHospital;
}

function weightOf({ weights, winter }: AcuteCondition, age: number, day: Day): number {
  const month = monthOf(day);
  const season = winter ? (month <= 3 || month >= 11 ? 1.5 : 0.65) : 1;
  return (weights[groupOf(age)] ?? 0) * season;
}

function groupOf(age: number): 0 | 1 | 2 | 3 | 4 {
  if (age < 7) return 0;
  if (age < 18) return 1;
  if (age < 45) return 2;
  return age < 65 ? 3 : 4;
}
