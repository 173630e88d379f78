import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { EmergencyPage, EmergencyView, Judgement, RecordStanding } from '../../../src/modules/access/index.ts';
import { searchPage } from '../../http/fhir-client.ts';
import { postJson, requestJson } from '../../http/json-client.ts';
import { type PersonName, parseHumanNames } from '../../ui/human-name/human-name.ts';

export type { EmergencyView, Judgement };

export type ReviewState = 'open' | 'judged';

const address = '/api/access/break-glass';

/** How whoever is signed in stands to the record of one patient. */
export const useStanding = (patient: string, isAsked: boolean) =>
  useQuery({
    queryKey: ['access', 'standing', patient],
    queryFn: ({ signal }) =>
      requestJson<RecordStanding>(`/api/access/records/${encodeURIComponent(patient)}`, { signal }),
    enabled: isAsked,
    // An emergency ends by itself.
    refetchInterval: ({ state }) => (state.data?.emergency ? 30_000 : false),
  });

/** Whatever was refused is asked for anew. */
function useRecordChange<Input>(change: (input: Input) => Promise<EmergencyView>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries() });
}

export const useBreakGlass = () =>
  useRecordChange((input: { patient: string; reason: string }) => postJson<EmergencyView>(address, input));

export const useRelease = () =>
  useRecordChange((id: string) => postJson<EmergencyView>(`${address}/${encodeURIComponent(id)}/release`, {}));

/** Emergencies for the privacy officer, the newest first, page after page. */
export const useEmergencies = (state: ReviewState) =>
  useInfiniteQuery({
    queryKey: ['access', 'emergencies', state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<EmergencyPage>(`${address}?state=${state}${pageParam === '' ? '' : `&before=${pageParam}`}`, {
        signal,
      }),
    getNextPageParam: ({ next }) => (next === undefined ? undefined : String(next)),
  });

export function useJudge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...input }: { id: string; judgement: Judgement; note: string }) =>
      postJson<EmergencyView>(`${address}/${encodeURIComponent(id)}/judge`, input),
    onSettled: () => client.invalidateQueries({ queryKey: ['access', 'emergencies'] }),
  });
}

/** The names of these patients, by id; of whom nothing is known, nothing is shown. */
export const usePatientNames = (ids: readonly string[]) =>
  useQuery({
    queryKey: ['access', 'names', [...ids].sort()],
    queryFn: async ({ signal }) => {
      const { matches } = await searchPage(`Patient?_id=${ids.join(',')}&_elements=name&_count=${ids.length}`, signal);
      return new Map(
        matches.flatMap((one): [string, PersonName][] =>
          one.resourceType === 'Patient' && one.id ? [[one.id, parseHumanNames(one.name)]] : [],
        ),
      );
    },
    enabled: ids.length > 0,
  });
