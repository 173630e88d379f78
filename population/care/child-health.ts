import { addMonths, type Day } from '../dates.ts';
import { growthAt } from '../tables/growth.ts';
import { facts } from '../tables/measures.ts';
import type { Chart } from './chart.ts';
import { observe, observeScore } from './observe.ts';
import { openVisit, plannedDay } from './visit.ts';

/** Ages of the visits of the child programme in months (0-6岁儿童健康管理). */
const visitMonths = [1, 3, 6, 8, 12, 18, 24, 30, 36, 48, 60, 72];
const haemoglobinMonths = new Set([8, 18, 30, 48, 60, 72]);
const years = 2.5;

/** Newborn visit and child health checks, and the yearly school examination from 7 years. */
export function writeChildHealth(chart: Chart): void {
  const { person, random, now, last } = chart;
  const { birthDay } = person;
  if (chart.ageAt(last) >= 18) return;
  const z = random.normal(0, 0.85);
  const earliest = now - Math.round(years * 365);
  if (birthDay > earliest) writeNewbornVisit(chart, z);
  for (const months of visitMonths) {
    const day = plannedDay(chart, addMonths(birthDay, months) + random.int(0, 14));
    if (day > earliest && day <= last && (random.chance(0.92) || person.script !== undefined))
      writeCheck(chart, day, months, z);
  }
  writeSchoolCheck(chart, z);
}

function writeNewbornVisit(chart: Chart, z: number): void {
  const { person, random, last } = chart;
  const day = person.birthDay + random.int(6, 10);
  if (day > last) return;
  const { centre, clinic } = chart.household.village;
  const visit = openVisit(chart, {
    kind: 'newbornVisit',
    day,
    at: random.chance(0.5) ? centre : clinic,
    department: 'childHealth',
  });
  const birth = growthAt(0, person.sex, z);
  observe(chart, visit, 'birthWeight', birth.weight);
  observeScore(
    chart,
    visit,
    facts.apgar5,
    random.weighted([10, 9, 8], (score) => score - 7),
  );
  observe(chart, visit, 'weight', birth.weight * random.between(1.0, 1.06));
  observe(chart, visit, 'temperature', random.normal(36.7, 0.2));
}

function writeCheck(chart: Chart, day: Day, months: number, z: number): void {
  const { random, person } = chart;
  const visit = openVisit(chart, {
    kind: 'childCheck',
    day,
    at: chart.household.village.centre,
    department: 'childHealth',
  });
  const { weight, height, head } = growthAt((day - person.birthDay) / 30.44, person.sex, z + random.normal(0, 0.1));
  observe(chart, visit, 'weight', weight);
  observe(chart, visit, 'height', height);
  if (head !== undefined && months <= 36) observe(chart, visit, 'headCircumference', head);
  if (haemoglobinMonths.has(months)) observe(chart, visit, 'childHaemoglobin', random.normal(121, 7));
}

/** The examination of the last school year. */
function writeSchoolCheck(chart: Chart, z: number): void {
  const { now, last, person, random, household } = chart;
  const day = plannedDay(chart, now - random.int(40, 90));
  const age = chart.ageAt(day);
  if (age < 7 || age >= 18 || day > last) return;
  const visit = openVisit(chart, { kind: 'healthCheck', day, at: household.village.centre, department: 'childHealth' });
  const { weight, height } = growthAt((day - person.birthDay) / 30.44, person.sex, z);
  observe(chart, visit, 'weight', weight);
  observe(chart, visit, 'height', height);
  observe(chart, visit, 'bmi', weight / (height / 100) ** 2);
}
