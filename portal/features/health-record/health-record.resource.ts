import { useQuery } from '@tanstack/react-query';
import { countSearches } from '../../http/fhir-batch.ts';
import {
  type ResourceOf,
  type ResourceType,
  readResource,
  resourcesOf,
  searchAll,
  searchPage,
} from '../../http/fhir-client.ts';
import type { Language } from '../../settings/language.ts';
import { localDate } from '../../ui/date-time/date-time.ts';
import { patientToPerson } from '../../ui/person-banner/person.ts';
import { parseAllergies } from './model/allergy.ts';
import { parseFamilyHistory } from './model/family-history.ts';
import { observationsToMeasurements } from './model/measurement.ts';
import { longTermMedicines, type Medicine } from './model/medicine.ts';
import { communicationsToNotices } from './model/notice.ts';
import { conditionsToProblems } from './model/problem.ts';
import { type EntryKind, entryKinds, searchOfKind } from './model/record-entry.ts';
import { immunizationsToVaccinations } from './model/vaccination.ts';
import { encounterToVisit } from './model/visit.ts';

/** All HTTP of the record's home page: one search a panel, so that each can wait, fail and be tried again alone. */

const most = 1000;

export interface Shown<T> {
  content: T;
  /** False when there are more entries than a page shows. */
  isComplete: boolean;
  asOf: Date;
}

/** The whole list of one type about one person, turned into what a panel shows. */
function useRecordList<T extends ResourceType, C>(
  type: T,
  patientId: string,
  query: string,
  toContent: (resources: ResourceOf<T>[]) => C,
) {
  return useQuery({
    queryKey: ['record', patientId, type, query],
    queryFn: ({ signal }) => searchAll(`${type}?patient=${encodeURIComponent(patientId)}${query}`, most, signal),
    select: ({ matches, ...rest }): Shown<C> => ({ content: toContent(resourcesOf(type, matches)), ...rest }),
  });
}

export function usePatient(id: string) {
  return useQuery({
    queryKey: ['record', id, 'Patient'],
    queryFn: ({ signal }) => readResource('Patient', id, signal),
    select: (patient) => ({ patient, person: patientToPerson(patient) }),
  });
}

export const useAllergies = (id: string) => useRecordList('AllergyIntolerance', id, '&_count=100', parseAllergies);

export const useProblems = (id: string) => useRecordList('Condition', id, '&_count=200', conditionsToProblems);

/** Prescriptions in force, each with how long what was handed over for it lasts. */
export function useLongTermMedicines(id: string) {
  return useQuery({
    queryKey: ['record', id, 'medicines'],
    queryFn: async ({ signal }) => {
      const about = `patient=${encodeURIComponent(id)}`;
      const [requests, dispenses] = await Promise.all([
        searchAll(`MedicationRequest?${about}&status=active&_count=100`, most, signal),
        searchAll(`MedicationDispense?${about}&_sort=-whenhandedover&_count=100`, 100, signal),
      ]);
      return { ...requests, dispenses: dispenses.matches };
    },
    select: ({ matches, dispenses, ...rest }): Shown<Medicine[]> => ({
      content: longTermMedicines(
        resourcesOf('MedicationRequest', matches),
        resourcesOf('MedicationDispense', dispenses),
      ),
      ...rest,
    }),
  });
}

export const useVaccinations = (id: string) =>
  useRecordList('Immunization', id, '&_count=200', immunizationsToVaccinations);

export const useMeasurements = (id: string) =>
  useRecordList('Observation', id, '&_sort=-date&_count=250', observationsToMeasurements);

const noticeDays = 30;

/** What the platform has told the resident in the last weeks. */
export const useNotices = (id: string, language: Language) =>
  useQuery({
    queryKey: ['record', id, 'notices'],
    queryFn: ({ signal }) => {
      const since = localDate(new Date(Date.now() - noticeDays * 86_400_000));
      const about = `recipient=Patient/${encodeURIComponent(id)}&sent=ge${since}`;
      return searchPage(`Communication?${about}&_sort=-sent&_count=20`, signal);
    },
    select: ({ matches }) => communicationsToNotices(resourcesOf('Communication', matches), language),
  });

export const useVisits = (id: string) =>
  useRecordList('Encounter', id, '&_sort=-date&_count=250', (encounters) => encounters.map(encounterToVisit));

/** The care programmes in which the person is managed now. */
export const useProgrammes = (id: string) =>
  useRecordList('EpisodeOfCare', id, '&status=active&_count=50', (episodes) =>
    episodes.flatMap(({ type }) => type?.[0] ?? []),
  );

/** The contract with the family doctor's team that is in force. */
export const useCareTeam = (id: string) =>
  useRecordList('CareTeam', id, '&status=active&_count=10', (teams) => teams[0]);

export const useFamilyHistory = (id: string) =>
  useRecordList('FamilyMemberHistory', id, '&_count=50', parseFamilyHistory);

export const useCoverage = (id: string) =>
  useRecordList('Coverage', id, '&status=active&_count=10', (coverages) => coverages.flatMap(({ type }) => type ?? []));

/** How many entries of each kind the record holds. */
export function useEntryCounts(id: string) {
  return useQuery({
    queryKey: ['record', id, 'counts'],
    queryFn: async (): Promise<Partial<Record<EntryKind | 'visits', number>>> => {
      const kinds: (EntryKind | 'visits')[] = ['visits', ...entryKinds];
      const totals = await countSearches(kinds.map((kind) => searchOfKind(kind, id)));
      return Object.fromEntries(kinds.map((kind, index) => [kind, totals[index]]));
    },
  });
}
