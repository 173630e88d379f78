import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DemoPerson } from '../../src/adapters/portal/index.ts';
import { postJson, requestJson } from '../http/json-client.ts';

export type { DemoPerson };

interface Session {
  person: DemoPerson | null;
}

const address = '/portal/api/session';
const queryKey = ['session'];

const sessionQuery = queryOptions({
  queryKey,
  queryFn: ({ signal }) => requestJson<Session>(address, { signal }),
  staleTime: 60_000,
});

/** Who is signed in; `person` is null when nobody is. */
export const useSession = () => useQuery(sessionQuery);

/** Asks for the session while words and pages are still on their way. */
export const askForSession = (client: QueryClient) => client.prefetchQuery(sessionQuery);

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => postJson<Session>(address, { id }),
    onSuccess: (session) => client.setQueryData(queryKey, session),
  });
}

/** Forgets everything that was shown to the person who leaves. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => requestJson<Session>(address, { method: 'DELETE' }),
    onSuccess: (session) => {
      client.clear();
      client.setQueryData(queryKey, session);
    },
  });
}

export function useDemoPeople() {
  return useQuery({
    queryKey: ['demo-people'],
    queryFn: ({ signal }) => requestJson<DemoPerson[]>('/portal/api/demo-people', { signal }),
  });
}

/** The Patient whose record is the person's own. */
export function ownPatientId({ reference }: DemoPerson): string | undefined {
  const [type, id] = reference.split('/');
  return type === 'Patient' ? id : undefined;
}

/** The room on which somebody opens. */
export const homeOf = (person: DemoPerson): string => (ownPatientId(person) ? '/me' : '/people');
