import { useMutation, useQuery } from '@tanstack/react-query';
import type { InteractionView } from '../../../src/adapters/smart/index.ts';
import { resourcesOf, searchPage } from '../../http/fhir-client.ts';
import { postJson, requestJson } from '../../http/json-client.ts';
import { type Person, patientToPerson } from '../../ui/person-banner/person.ts';

export type { InteractionView };

const addressOf = (uid: string) => `/api/smart/interactions/${encodeURIComponent(uid)}`;

/** Which application wants what. */
export const useInteraction = (uid: string, isSignedIn: boolean) =>
  useQuery({
    queryKey: ['interaction', uid],
    queryFn: ({ signal }) => requestJson<InteractionView>(addressOf(uid), { signal }),
    enabled: isSignedIn,
    refetchOnWindowFocus: false,
  });

export interface Decision {
  patient?: string;
  encounter?: string;
  scopes: readonly string[];
}

/** Goes on to the application, which learns what was decided. */
export const useDecision = (uid: string) =>
  useMutation({
    mutationFn: (decision: Decision | 'refuse') =>
      decision === 'refuse'
        ? postJson<{ next: string }>(`${addressOf(uid)}/refuse`, {})
        : postJson<{ next: string }>(`${addressOf(uid)}/consent`, decision),
    onSuccess: ({ next }) => window.location.assign(next),
  });

const mostFound = 10;

/** People whose record may be opened for the application. */
export const useFoundPatients = (text: string) =>
  useQuery({
    queryKey: ['authorize-patients', text],
    queryFn: async ({ signal }): Promise<Person[]> => {
      const page = await searchPage(`Patient?name=${encodeURIComponent(text)}&_count=${mostFound}`, signal);
      return resourcesOf('Patient', page.matches).map(patientToPerson);
    },
    enabled: text.trim() !== '',
  });
