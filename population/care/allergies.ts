import type { AllergyIntolerance } from 'fhir/r4.js';
import { addMonths, type Day, printDay, printInstant } from '../dates.ts';
import { bareConcept, conceptOf, type Term } from '../fhir.ts';
import { systems } from '../systems.ts';
import { type Allergy, type AllergyKey, allergies, reactions } from '../tables/allergies.ts';
import type { Chart } from './chart.ts';
import { practitionerReference } from './visit.ts';

/** An allergy or intolerance that the record knows. */
export interface KnownAllergy {
  key: AllergyKey;
  criticality: 'low' | 'high';
  reaction: Term;
  since: Day;
}

export function drawAllergies(chart: Chart): KnownAllergy[] {
  const { random, person, last } = chart;
  if (person.script === 'rich') return richAllergies(chart);
  if (person.script !== undefined) return [];
  const scale = chart.ageAt(last) < 18 ? 0.4 : 1;
  return (Object.keys(allergies) as AllergyKey[])
    .filter((key) => random.chance((allergies[key].share / 1000) * scale) && last - person.birthDay > 400)
    .map((key) => {
      const reaction = random.pick<Term>(allergies[key].reactions);
      const since = last - random.int(200, Math.max(201, Math.min(7000, last - person.birthDay - 180)));
      return { key, reaction, since, criticality: reaction === reactions.anaphylaxis ? 'high' : 'low' };
    });
}

function richAllergies({ now }: Chart): KnownAllergy[] {
  return [
    { key: 'penicillin', criticality: 'high', reaction: reactions.anaphylaxis, since: addMonths(now, -12 * 17 - 7) },
    { key: 'aceInhibitor', criticality: 'low', reaction: reactions.cough, since: addMonths(now, -12 * 8) },
  ];
}

export function writeAllergy(chart: Chart, { key, criticality, reaction, since }: KnownAllergy): void {
  const allergy: Allergy = allergies[key];
  const resource: AllergyIntolerance = {
    resourceType: 'AllergyIntolerance',
    id: chart.nextId(),
    clinicalStatus: bareConcept(systems.allergyClinical, 'active'),
    verificationStatus: bareConcept(systems.allergyVerification, 'confirmed'),
    type: allergy.type,
    category: [allergy.category],
    criticality,
    code: conceptOf(allergy.term),
    patient: chart.subject,
    onsetDateTime: printDay(since).slice(0, 7),
    recordedDate: printInstant(since, 600),
    recorder: practitionerReference(chart.household.doctor),
    reaction: [{ manifestation: [conceptOf(reaction)], severity: criticality === 'high' ? 'severe' : 'mild' }],
  };
  chart.add(resource);
}
