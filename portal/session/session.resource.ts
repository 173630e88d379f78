import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SignedInView } from '../../src/adapters/portal/index.ts';
import { postJson, requestJson } from '../http/json-client.ts';

/** Somebody who is signed in. */
export type SignedIn = SignedInView;

export interface Session {
  person: SignedIn | null;
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

/** Asks again when an answer says that nobody is signed in any more. */
export const doubtSession = (client: QueryClient) => void client.invalidateQueries({ queryKey });

/** Forgets everything that was shown to whoever was here before. */
export function startSession(client: QueryClient, person: SignedIn | null) {
  client.clear();
  client.setQueryData<Session>(queryKey, { person });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => requestJson<Session>(address, { method: 'DELETE' }),
    onSuccess: () => startSession(client, null),
  });
}

/** Goes on in another of one's roles, by its id. */
export function useSwitchRole() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (role: string) => postJson<{ person: SignedIn }>(`${address}/role`, { role }),
    onSuccess: ({ person }) => startSession(client, person),
  });
}

/** The Patient whose record is the person's own. */
export function ownPatientId({ reference }: Pick<SignedIn, 'reference'>): string | undefined {
  const [type, id] = reference.split('/');
  return type === 'Patient' ? id : undefined;
}

const administrative = new Set(['administrator']);

/** The room on which somebody opens. */
export function homeOf(person: SignedIn): string {
  if (administrative.has(person.role)) return '/administration/people';
  if (person.role === 'index-clerk') return '/duplicates';
  if (person.role === 'privacy-officer') return '/administration/emergencies';
  return ownPatientId(person) ? '/me' : '/people';
}
