import type { Condition, Reference } from 'fhir/r4.js';
import { type Day, printDay } from '../dates.ts';
import { bareConcept, conceptOf, referTo, type Term } from '../fhir.ts';
import { systems } from '../systems.ts';
import type { Chart } from './chart.ts';
import { practitionerReference, type Visit } from './visit.ts';

export interface Diagnosis {
  term: Term;
  onset: Day;
  /** The day on which it had passed. */
  resolved?: Day;
  visit?: Visit;
  recorded: Day;
  isProblem: boolean;
}

const problem = [bareConcept(systems.conditionCategory, 'problem-list-item')];
const encounterDiagnosis = [bareConcept(systems.conditionCategory, 'encounter-diagnosis')];
const active = bareConcept(systems.conditionClinical, 'active');
const resolvedStatus = bareConcept(systems.conditionClinical, 'resolved');
const confirmed = bareConcept(systems.conditionVerification, 'confirmed');

/** Records a Condition, and the diagnosis at the visit where it was made. */
export function diagnose(chart: Chart, { term, onset, resolved, visit, recorded, isProblem }: Diagnosis): Reference {
  const id = chart.nextId();
  const hasPassed = resolved !== undefined && resolved <= chart.now;
  const condition: Condition = {
    resourceType: 'Condition',
    id,
    clinicalStatus: hasPassed ? resolvedStatus : active,
    verificationStatus: confirmed,
    category: isProblem ? problem : encounterDiagnosis,
    code: conceptOf(term),
    subject: chart.subject,
    ...(visit && { encounter: visit.reference }),
    onsetDateTime: printDay(onset),
    ...(hasPassed && { abatementDateTime: printDay(resolved) }),
    recordedDate: printDay(recorded),
    ...(visit && { recorder: practitionerReference(visit.by) }),
  };
  chart.add(condition);
  const reference = referTo('Condition', id);
  if (visit !== undefined) addDiagnosis(visit, reference);
  return reference;
}

/** Names a Condition as a diagnosis of the visit. */
export function addDiagnosis({ encounter }: Visit, condition: Reference): void {
  const diagnoses = encounter.diagnosis ?? [];
  const use = bareConcept(systems.diagnosisRole, encounter.class.code === 'IMP' ? 'DD' : 'billing');
  encounter.diagnosis = [...diagnoses, { condition, use, rank: diagnoses.length + 1 }];
}
