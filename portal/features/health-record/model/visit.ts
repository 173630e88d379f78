import type { CodeableConcept, Encounter, Reference } from 'fhir/r4.js';
import { toTimestamp } from '../../../ui/date-time/date-time.ts';

export type VisitKind = 'outpatient' | 'inpatient' | 'emergency' | 'home' | 'remote' | 'other';

/** One contact with care. https://hl7.org/fhir/R4/encounter.html */
export interface Visit {
  id: string;
  kind: VisitKind;
  start: string;
  end: string | undefined;
  /** Nights in the institution; 0 for a visit of one day. */
  nights: number;
  title: CodeableConcept | undefined;
  reasons: CodeableConcept[];
  institution: Reference | undefined;
  clinician: Reference | undefined;
}

const kinds: Record<string, VisitKind> = {
  AMB: 'outpatient',
  IMP: 'inpatient',
  ACUTE: 'inpatient',
  NONAC: 'inpatient',
  OBSENC: 'inpatient',
  SS: 'inpatient',
  EMER: 'emergency',
  HH: 'home',
  FLD: 'home',
  VR: 'remote',
};

const dayMs = 86_400_000;

export function encounterToVisit(encounter: Encounter): Visit {
  const { start = '', end } = encounter.period ?? {};
  return {
    id: encounter.id ?? '',
    kind: kinds[encounter.class?.code ?? ''] ?? 'other',
    start,
    end,
    nights: end ? Math.round((midnight(end) - midnight(start)) / dayMs) : 0,
    title: encounter.type?.[0],
    reasons: encounter.reasonCode ?? [],
    institution: encounter.serviceProvider ?? encounter.location?.[0]?.location,
    clinician: encounter.participant?.find(({ individual }) => individual)?.individual,
  };
}

const midnight = (value: string): number => new Date(toTimestamp(value)).setHours(0, 0, 0, 0);
