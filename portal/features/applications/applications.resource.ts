import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { postJson, requestJson } from '../../http/json-client.ts';

/** Something that one has let an application do. */
export interface Granted {
  id: string;
  client: string;
  name: string;
  scopes: string[];
  /** Id of the patient whom it is about. */
  patient: string | null;
  grantedAt: string;
  expiresAt: string;
  /** Goes on while one is away. */
  isOffline: boolean;
}

const grantedKey = ['applications', 'granted'];

export const useGranted = () =>
  useQuery({
    queryKey: grantedKey,
    queryFn: ({ signal }) =>
      requestJson<{ authorizations: Granted[]; hasMore: boolean }>('/api/smart/authorizations', { signal }),
  });

export function useTakeBack() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      requestJson<{ ended: number }>(`/api/smart/authorizations/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: grantedKey }),
  });
}

export interface Application {
  id: string;
  name: string;
}

/** Applications that can be started from a record. */
export const useApplications = () =>
  useQuery({
    queryKey: ['applications', 'launchable'],
    queryFn: ({ signal }) => requestJson<{ applications: Application[] }>('/api/smart/applications', { signal }),
    staleTime: 5 * 60_000,
  });

/** Starts one in a tab of its own, on this patient. */
export const useLaunch = (patient: string) =>
  useMutation({
    mutationFn: async (client: string) => {
      // Opened while the click still counts: browsers stop windows that open later.
      const tab = window.open('about:blank', '_blank');
      try {
        const { url } = await postJson<{ url: string }>('/api/smart/launch', { client, patient });
        if (!tab) location.assign(url);
        else {
          tab.opener = null;
          tab.location.replace(url);
        }
      } catch (failure) {
        tab?.close();
        throw failure;
      }
    },
  });
