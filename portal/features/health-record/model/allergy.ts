import type { AllergyIntolerance, CodeableConcept, Reference } from 'fhir/r4.js';
import { hasCode } from '../../../ui/codeable-concept/codeable-concept.ts';

export type AllergyGrade = 'severe' | 'moderate' | 'mild' | 'unknown';

/** https://hl7.org/fhir/R4/allergyintolerance.html */
export interface Allergy {
  id: string;
  substance: CodeableConcept;
  manifestations: CodeableConcept[];
  grade: AllergyGrade;
  since: string | undefined;
  recorded: string | undefined;
  source: Reference | undefined;
}

/** Never asked, asked and none, or some: three different things to know. */
export type Allergies =
  | { state: 'not-recorded' }
  | { state: 'none-known'; asked: string | undefined; source: Reference | undefined }
  | { state: 'some'; allergies: Allergy[] };

// SNOMED CT: no known allergy, no known drug allergy, no known food allergy, no known environmental allergy.
const noneKnown = ['716186003', '409137002', '429625007', '428607008'];
const grades: Record<AllergyGrade, number> = { severe: 0, moderate: 1, mild: 2, unknown: 3 };

export function parseAllergies(resources: readonly AllergyIntolerance[]): Allergies {
  const current = resources.filter(
    ({ clinicalStatus, verificationStatus }) =>
      !hasCode(clinicalStatus, 'inactive', 'resolved') && !hasCode(verificationStatus, 'entered-in-error', 'refuted'),
  );
  const some = current.filter(({ code }) => !hasCode(code, ...noneKnown));
  if (some.length > 0) {
    return { state: 'some', allergies: some.map(toAllergy).sort((a, b) => grades[a.grade] - grades[b.grade]) };
  }
  const none = current.toSorted((a, b) => (b.recordedDate ?? '').localeCompare(a.recordedDate ?? ''))[0];
  if (none === undefined) return { state: 'not-recorded' };
  return {
    state: 'none-known',
    asked: none.lastOccurrence ?? none.recordedDate,
    source: none.asserter ?? none.recorder,
  };
}

function toAllergy(resource: AllergyIntolerance): Allergy {
  const reactions = resource.reaction ?? [];
  return {
    id: resource.id ?? '',
    substance: resource.code ?? {},
    manifestations: reactions.flatMap((reaction) => reaction.manifestation),
    grade: gradeOf(resource),
    since: resource.onsetDateTime ?? reactions[0]?.onset ?? resource.recordedDate,
    recorded: resource.recordedDate,
    source: resource.recorder ?? resource.asserter,
  };
}

function gradeOf({ criticality, reaction = [] }: AllergyIntolerance): AllergyGrade {
  const severities = reaction.map(({ severity }) => severity);
  if (criticality === 'high' || severities.includes('severe')) return 'severe';
  if (severities.includes('moderate')) return 'moderate';
  return severities.includes('mild') || criticality === 'low' ? 'mild' : 'unknown';
}
