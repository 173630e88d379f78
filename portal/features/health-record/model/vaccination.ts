import type { CodeableConcept, Immunization, Reference } from 'fhir/r4.js';

/** One dose that was given. https://hl7.org/fhir/R4/immunization.html */
export interface Dose {
  id: string;
  concept: CodeableConcept;
  given: string | undefined;
  number: string | undefined;
  lot: string | undefined;
  source: Reference | undefined;
  encounterId: string | undefined;
}

/** All doses of one vaccine, newest first. */
export interface Vaccination {
  concept: CodeableConcept;
  doses: Dose[];
  latest: Dose;
}

export function immunizationToDose(immunization: Immunization): Dose {
  const protocol = immunization.protocolApplied?.[0];
  return {
    id: immunization.id ?? '',
    concept: immunization.vaccineCode,
    given: immunization.occurrenceDateTime ?? immunization.occurrenceString,
    number: protocol?.doseNumberPositiveInt?.toString() ?? protocol?.doseNumberString,
    lot: immunization.lotNumber,
    source: immunization.performer?.at(-1)?.actor ?? immunization.location,
    encounterId: immunization.encounter?.reference?.split('/').at(-1),
  };
}

export function immunizationsToVaccinations(immunizations: readonly Immunization[]): Vaccination[] {
  const doses = immunizations
    .filter(({ status }) => status === 'completed')
    .map(immunizationToDose)
    .sort((a, b) => (b.given ?? '').localeCompare(a.given ?? ''));
  const byVaccine = new Map<string, Vaccination>();
  for (const dose of doses) {
    const key = dose.concept.coding?.[0]?.code ?? dose.concept.text ?? dose.id;
    const vaccination = byVaccine.get(key);
    if (vaccination) vaccination.doses.push(dose);
    else byVaccine.set(key, { concept: dose.concept, doses: [dose], latest: dose });
  }
  return [...byVaccine.values()];
}
