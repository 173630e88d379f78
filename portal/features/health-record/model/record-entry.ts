import type { ResourceType } from '../../../http/fhir-client.ts';
import type { IconName } from '../../../ui/icon/icon.tsx';

/** The kinds of entry that a visit leaves in the record, in the order in which they are read. */
export const entryKinds = [
  'conditions',
  'results',
  'reports',
  'medicines',
  'procedures',
  'immunizations',
  'documents',
] as const;

export type EntryKind = (typeof entryKinds)[number];

interface KindOfEntry {
  type: ResourceType;
  /** The search parameter by which the newest comes first. */
  sort: string;
  icon: IconName;
  /** Whether R4 has a search parameter from the entry to its Encounter. */
  hasEncounter: boolean;
}

export const kindsOfEntry: Record<EntryKind, KindOfEntry> = {
  conditions: { type: 'Condition', sort: 'recorded-date', icon: 'heart', hasEncounter: true },
  results: { type: 'Observation', sort: 'date', icon: 'flask', hasEncounter: true },
  reports: { type: 'DiagnosticReport', sort: 'date', icon: 'report', hasEncounter: true },
  medicines: { type: 'MedicationRequest', sort: 'authoredon', icon: 'pill', hasEncounter: true },
  procedures: { type: 'Procedure', sort: 'date', icon: 'procedure', hasEncounter: true },
  immunizations: { type: 'Immunization', sort: 'date', icon: 'syringe', hasEncounter: false },
  documents: { type: 'DocumentReference', sort: 'date', icon: 'document', hasEncounter: true },
};

export const isEntryKind = (text: string | null): text is EntryKind => entryKinds.some((kind) => kind === text);

/** The search for all entries of a kind about a person. */
export function searchOfKind(kind: EntryKind | 'visits', patientId: string): string {
  const type = kind === 'visits' ? 'Encounter' : kindsOfEntry[kind].type;
  return `${type}?patient=${encodeURIComponent(patientId)}`;
}
