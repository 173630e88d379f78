import type { CodeableConcept, FamilyMemberHistory } from 'fhir/r4.js';

/** What a relative has or had. https://hl7.org/fhir/R4/familymemberhistory.html */
export interface RelativeHistory {
  id: string;
  relationship: CodeableConcept;
  conditions: CodeableConcept[];
  recorded: string | undefined;
}

export function parseFamilyHistory(resources: readonly FamilyMemberHistory[]): RelativeHistory[] {
  return resources
    .filter(({ status, condition = [] }) => status !== 'entered-in-error' && condition.length > 0)
    .map(({ id = '', relationship, condition = [], date }) => ({
      id,
      relationship,
      conditions: condition.map(({ code }) => code),
      recorded: date,
    }));
}
