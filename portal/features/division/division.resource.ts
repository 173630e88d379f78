import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { DivisionTreePage, DivisionView, FoundDivisions } from '../../../src/modules/division/index.ts';
import { requestJson } from '../../http/json-client.ts';

export type { DivisionTreePage, DivisionView };

const address = '/api/division';

/** Places right below a place, fetched when it is opened. */
export const useChildren = (parent: string, isOpen: boolean) =>
  useInfiniteQuery({
    queryKey: ['divisions', 'children', parent],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<DivisionTreePage>(
        `${address}?${new URLSearchParams({ parent, ...(pageParam && { after: pageParam }) })}`,
        { signal },
      ),
    getNextPageParam: ({ next }) => next,
    enabled: isOpen,
    staleTime: 300_000,
  });

export const useDivision = (code: string) =>
  useQuery({
    queryKey: ['divisions', 'one', code],
    queryFn: ({ signal }) => requestJson<DivisionView>(`${address}/${encodeURIComponent(code)}`, { signal }),
    enabled: code !== '',
  });

export const useFoundDivisions = (text: string) =>
  useQuery({
    queryKey: ['divisions', 'found', text],
    queryFn: ({ signal }) =>
      requestJson<FoundDivisions>(`${address}?${new URLSearchParams({ text, limit: '50' })}`, { signal }),
    enabled: text !== '',
  });
