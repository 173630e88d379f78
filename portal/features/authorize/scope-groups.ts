import type { InteractionView } from './authorize.resource.ts';

/** What a resident would call the kinds of resources that applications ask for most. */
const groups = {
  person: ['Patient', 'RelatedPerson', 'Person'],
  results: ['Observation', 'DiagnosticReport', 'Specimen', 'ImagingStudy'],
  medicines: [
    'MedicationRequest',
    'MedicationStatement',
    'MedicationDispense',
    'MedicationAdministration',
    'Medication',
  ],
  conditions: ['Condition', 'FamilyMemberHistory', 'ClinicalImpression'],
  allergies: ['AllergyIntolerance', 'AdverseEvent'],
  vaccinations: ['Immunization', 'ImmunizationRecommendation'],
  visits: ['Encounter', 'EpisodeOfCare', 'Procedure'],
  appointments: ['Appointment', 'Schedule', 'Slot'],
  plans: ['CarePlan', 'Goal', 'CareTeam', 'ServiceRequest', 'Task'],
  documents: ['DocumentReference', 'Composition', 'Binary', 'QuestionnaireResponse', 'Questionnaire'],
  insurance: ['Coverage', 'Claim', 'ExplanationOfBenefit', 'Invoice'],
  directory: ['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'HealthcareService'],
} as const;

export type ScopeGroup = keyof typeof groups | 'everything' | 'other';

export interface AskedFor {
  group: ScopeGroup;
  /** The types whose group has no everyday name. */
  types: string[];
  canChange: boolean;
  /** Only a part, such as `category=laboratory`. */
  parts: string[];
  scopes: string[];
}

/** What is asked for, in groups that people know; each is granted or withheld as one. */
export function groupScopes(scopes: InteractionView['scopes']): AskedFor[] {
  const found = new Map<ScopeGroup, AskedFor>();
  for (const { scope, about } of scopes) {
    if (about === null) continue;
    const group = groupOf(about.type);
    const asked = found.get(group) ?? { group, types: [], canChange: false, parts: [], scopes: [] };
    found.set(group, asked);
    asked.scopes.push(scope);
    if (group === 'other' && !asked.types.includes(about.type)) asked.types.push(about.type);
    asked.canChange ||= about.letters.some((letter) => 'cud'.includes(letter));
    asked.parts.push(...about.query.map(([, value]) => value.split('|').at(-1) ?? value));
  }
  return [...found.values()];
}

/** Scopes that open no resource by themselves: who the person is, and how long it lasts. */
export const plainScopes = (scopes: InteractionView['scopes']): string[] =>
  scopes.filter(({ about }) => about === null).map(({ scope }) => scope);

function groupOf(type: string): ScopeGroup {
  if (type === '*') return 'everything';
  const names = Object.keys(groups) as (keyof typeof groups)[];
  return names.find((name) => (groups[name] as readonly string[]).includes(type)) ?? 'other';
}
