import type {
  CodeableConcept,
  DiagnosticReport,
  DocumentReference,
  FhirResource,
  Procedure,
  Reference,
} from 'fhir/r4.js';
import { isResource } from '../../../http/fhir-client.ts';
import { type Measurement, observationsToMeasurements } from './measurement.ts';
import { type Medicine, medicationRequestToMedicine } from './medicine.ts';
import { conditionToProblem, type Problem } from './problem.ts';
import type { EntryKind } from './record-entry.ts';
import { type Dose, immunizationToDose } from './vaccination.ts';
import { encounterToVisit, type Visit } from './visit.ts';

/** Something with a name, a date and a source, and at most a sentence. */
export interface Note {
  id: string;
  concept: CodeableConcept;
  at: string | undefined;
  text: string | undefined;
  source: Reference | undefined;
}

/** All that was recorded on one occasion. */
export interface RecordEntries {
  conditions: Problem[];
  results: Measurement[];
  reports: Note[];
  medicines: Medicine[];
  procedures: Note[];
  immunizations: Dose[];
  documents: Note[];
}

/** One occasion in the timeline: a visit, or a day on which something was recorded outside any. */
export interface TimelineItem {
  key: string;
  at: string;
  visit: Visit | undefined;
  entries: RecordEntries;
}

/** Puts resources to the visits that they belong to; what belongs to none stands under its own day. Newest first. */
export function resourcesToItems(resources: readonly FhirResource[]): TimelineItem[] {
  const visits = new Map<string, Visit>();
  const recorded = new Map<string, FhirResource[]>();
  for (const resource of resources) {
    if (isResource('Encounter', resource)) {
      visits.set(resource.id ?? '', encounterToVisit(resource));
      continue;
    }
    const key = encounterIdOf(resource) ?? `day:${dateOf(resource).slice(0, 10)}`;
    recorded.set(key, [...(recorded.get(key) ?? []), resource]);
  }
  const keys = new Set([...visits.keys(), ...recorded.keys()]);
  return [...keys]
    .map((key) => toItem(key, visits.get(key), recorded.get(key) ?? []))
    .sort((a, b) => b.at.localeCompare(a.at));
}

function toItem(key: string, visit: Visit | undefined, resources: readonly FhirResource[]): TimelineItem {
  const at = visit?.start ?? resources.map(dateOf).sort().at(-1) ?? '';
  return { key, at, visit, entries: toEntries(resources) };
}

export function isEmpty({ entries }: TimelineItem): boolean {
  return Object.values(entries).every((list) => list.length === 0);
}

export function countOf(entries: RecordEntries, kind: EntryKind): number {
  return entries[kind].length;
}

function toEntries(resources: readonly FhirResource[]): RecordEntries {
  const all = <T>(convert: (resource: FhirResource) => T | undefined): T[] =>
    resources.flatMap((resource) => convert(resource) ?? []);
  return {
    conditions: all((resource) => (isResource('Condition', resource) ? conditionToProblem(resource) : undefined)),
    results: observationsToMeasurements(
      all((resource) => (isResource('Observation', resource) ? resource : undefined)),
    ),
    reports: all((resource) => (isResource('DiagnosticReport', resource) ? reportToNote(resource) : undefined)),
    medicines: all((resource) =>
      isResource('MedicationRequest', resource) ? medicationRequestToMedicine(resource) : undefined,
    ),
    procedures: all((resource) => (isResource('Procedure', resource) ? procedureToNote(resource) : undefined)),
    immunizations: all((resource) => (isResource('Immunization', resource) ? immunizationToDose(resource) : undefined)),
    documents: all((resource) => (isResource('DocumentReference', resource) ? documentToNote(resource) : undefined)),
  };
}

const reportToNote = (report: DiagnosticReport): Note => ({
  id: report.id ?? '',
  concept: report.code,
  at: report.effectiveDateTime ?? report.issued,
  text: report.conclusion,
  source: report.performer?.at(-1),
});

const procedureToNote = (procedure: Procedure): Note => ({
  id: procedure.id ?? '',
  concept: procedure.code ?? {},
  at: procedure.performedDateTime ?? procedure.performedPeriod?.start,
  text: procedure.note?.[0]?.text,
  source: procedure.performer?.at(-1)?.actor,
});

const documentToNote = (document: DocumentReference): Note => ({
  id: document.id ?? '',
  concept: document.type ?? { text: document.content[0]?.attachment.title },
  at: document.date,
  text: document.description,
  source: document.custodian ?? document.author?.[0],
});

function encounterIdOf(resource: FhirResource): string | undefined {
  const reference = isResource('DocumentReference', resource)
    ? resource.context?.encounter?.[0]
    : 'encounter' in resource && resource.encounter && !Array.isArray(resource.encounter)
      ? resource.encounter
      : undefined;
  return reference?.reference?.split('/').at(-1);
}

/** When an entry belongs into the timeline. */
export function dateOf(resource: FhirResource): string {
  switch (resource.resourceType) {
    case 'Condition':
      return resource.recordedDate ?? resource.onsetDateTime ?? '';
    case 'Observation':
      return resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.issued ?? '';
    case 'DiagnosticReport':
      return resource.effectiveDateTime ?? resource.issued ?? '';
    case 'MedicationRequest':
      return resource.authoredOn ?? '';
    case 'Procedure':
      return resource.performedDateTime ?? resource.performedPeriod?.start ?? '';
    case 'Immunization':
      return resource.occurrenceDateTime ?? resource.recorded ?? '';
    case 'DocumentReference':
      return resource.date ?? '';
    default:
      return '';
  }
}
