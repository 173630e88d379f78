import { addMonths, ageAt, type Day, printDay } from '../dates.ts';
import { bareConcept, conceptOf, type Term, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';
import { chronicConditions } from '../tables/chronic-conditions.ts';
import { bloodGroups, findings } from '../tables/findings.ts';
import { facts } from '../tables/measures.ts';
import { writeAllergy } from './allergies.ts';
import type { Chart } from './chart.ts';
import type { Health } from './health.ts';
import { practitionerReference } from './visit.ts';

/** What the personal basic information form asks once: blood group, smoking, allergies, diseases of the family. */
export function writeBackground(chart: Chart, health: Health): void {
  const { random, person } = chart;
  const asked = openedOn(chart);
  if (random.chance(0.6) || person.script !== undefined) {
    const [group] = random.weighted(bloodGroups, ([, share]) => share);
    writeFact(chart, 'laboratory', facts.aboGroup, findings[group], asked);
    writeFact(chart, 'laboratory', facts.rhesus, random.chance(0.996) ? findings.positive : findings.negative, asked);
  }
  if (chart.ageAt(chart.last) >= 35 && random.chance(0.7)) {
    writeFact(
      chart,
      'social-history',
      facts.smoking,
      health.body.smokes ? findings.smokesDaily : findings.neverSmoked,
      asked,
    );
  }
  for (const entry of health.allergies) writeAllergy(chart, entry);
  writeFamilyHistory(chart, health, asked);
}

/** Records were opened from 2009 on, and for children after birth. */
function openedOn({ person, now }: Chart): Day {
  return Math.max(person.birthDay + 30, addMonths(now, -12 * 8) + (person.birthDay % 700));
}

function writeFact(chart: Chart, category: string, code: Term, value: Term, day: Day): void {
  const { doctor } = chart.household;
  chart.add({
    resourceType: 'Observation',
    id: chart.nextId(),
    status: 'final',
    category: [bareConcept(systems.observationCategory, category)],
    code: conceptOf(code),
    subject: chart.subject,
    effectiveDateTime: printDay(Math.min(day, chart.last)),
    performer: [practitionerReference(doctor)],
    valueCodeableConcept: conceptOf(value),
  });
}

const roleCode = termsOf(systems.roleCode);
const father = roleCode('FTH', '父亲', 'Father');
const mother = roleCode('MTH', '母亲', 'Mother');

const inherited = ['hypertension', 'diabetes', 'stroke', 'coronary'] as const;

/** A parent's disease, more often where the person has it too. */
function writeFamilyHistory(chart: Chart, { has }: Health, asked: Day): void {
  const { random, person, now } = chart;
  if (ageAt(person.birthDay, now) < 40 || person.script === 'single-entry') return;
  for (const key of inherited) {
    if (!random.chance(has.has(key) ? 0.35 : 0.05)) continue;
    const relative = random.chance(0.5) ? father : mother;
    chart.add({
      resourceType: 'FamilyMemberHistory',
      id: chart.nextId(),
      status: 'completed',
      patient: chart.subject,
      date: printDay(Math.min(asked, chart.last)),
      relationship: conceptOf(relative),
      condition: [{ code: conceptOf(chronicConditions[key].term) }],
    });
  }
}
