import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { PeopleView, PersonView } from '../../../src/adapters/portal/index.ts';
import { postJson, requestJson } from '../../http/json-client.ts';

export type { PersonView };

const address = '/api/account/people';
const queryKey = ['accounts'];

/** Accounts by name, page after page. */
export const usePeople = (text: string) =>
  useInfiniteQuery({
    queryKey: [...queryKey, text],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<PeopleView>(`${address}?${new URLSearchParams({ q: text, after: pageParam })}`, { signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

function useChange<Input, Result>(change: (input: Input) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey }) });
}

export interface NewPerson {
  name: string;
  reference: string;
  nameZh: string;
  nameEn: string;
  role: string;
  organization?: string;
  phone?: string;
}

/** What is handed to the person, once. */
export interface Handed {
  name: string;
  code: string;
}

export const useAddPerson = () => useChange((person: NewPerson) => postJson<Handed>(address, person));

export const useLock = () =>
  useChange(({ id, isLocked }: { id: string; isLocked: boolean }) =>
    postJson<object>(`${address}/${id}/${isLocked ? 'lock' : 'unlock'}`, {}),
  );

export const useReset = () =>
  useChange(async ({ id, name }: { id: string; name: string }): Promise<Handed> => {
    const { code } = await postJson<{ code: string }>(`${address}/${id}/reset`, {});
    return { name, code };
  });

export const useGiveRole = () =>
  useChange(({ id, ...role }: { id: string; role: string; organization?: string; until?: string }) =>
    postJson<object>(`${address}/${id}/roles`, role),
  );

export const useEndRole = () =>
  useChange(({ id, role }: { id: string; role: string }) =>
    requestJson<object>(`${address}/${id}/roles/${role}`, { method: 'DELETE' }),
  );
