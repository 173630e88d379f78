import type { CodeableConcept, Condition, Reference } from 'fhir/r4.js';
import { codeIn, hasCode } from '../../../ui/codeable-concept/codeable-concept.ts';

/** Something the person has or had. https://hl7.org/fhir/R4/condition.html */
export interface Problem {
  id: string;
  concept: CodeableConcept;
  icd: string | undefined;
  isActive: boolean;
  since: string | undefined;
  until: string | undefined;
  recorded: string | undefined;
  source: Reference | undefined;
  /** The visit at which it was recorded; it tells the source where nobody is named. */
  encounterId: string | undefined;
}

const ended = ['inactive', 'remission', 'resolved'];

export interface ProblemLists {
  active: Problem[];
  past: Problem[];
}

/** Long-lasting problems and what is past; a diagnosis of one visit that is over stays in the timeline. */
export function conditionsToProblems(conditions: readonly Condition[]): ProblemLists {
  const real = conditions.filter((condition) => !hasCode(condition.verificationStatus, 'entered-in-error', 'refuted'));
  const onList = real.filter((condition) =>
    condition.category?.some((category) => hasCode(category, 'problem-list-item')),
  );
  // Records without a problem list (many imported ones) keep what matters among the diagnoses of visits.
  const listed = (onList.length > 0 ? onList : real).map(conditionToProblem);
  const unique = uniqueBy(listed, (problem) => problem.icd ?? problem.concept.text ?? problem.id);
  return {
    active: unique.filter((problem) => problem.isActive).sort(oldestFirst),
    past: unique
      .filter((problem) => !problem.isActive)
      .sort(oldestFirst)
      .reverse(),
  };
}

export function conditionToProblem(condition: Condition): Problem {
  return {
    id: condition.id ?? '',
    concept: condition.code ?? {},
    icd: codeIn(condition.code, 'http://hl7.org/fhir/sid/icd-10'),
    isActive: !hasCode(condition.clinicalStatus, ...ended),
    since: condition.onsetDateTime ?? condition.onsetPeriod?.start ?? condition.recordedDate,
    until: condition.abatementDateTime ?? condition.abatementPeriod?.end,
    recorded: condition.recordedDate,
    source: condition.asserter ?? condition.recorder,
    encounterId: condition.encounter?.reference?.split('/').at(-1),
  };
}

const oldestFirst = (a: Problem, b: Problem) => (a.since ?? '').localeCompare(b.since ?? '');

// The same problem confirmed at another visit is still one problem; an active one goes before a past one.
function uniqueBy(problems: readonly Problem[], keyOf: (problem: Problem) => string): Problem[] {
  const sorted = [...problems].sort((a, b) => Number(b.isActive) - Number(a.isActive) || oldestFirst(a, b));
  const byKey = new Map<string, Problem>();
  for (const problem of sorted) {
    const key = keyOf(problem);
    if (!byKey.has(key)) byKey.set(key, problem);
  }
  return [...byKey.values()];
}
