import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  MergePreview,
  MergeView,
  ReviewPage,
  ReviewPairView,
  ReviewView,
  UnmergeView,
} from '../../../src/modules/patient-index/index.ts';
import { postJson, requestJson } from '../../http/json-client.ts';

const base = '/api/patient-index';
const key = 'duplicates';

/** What the work list shows; it stands in the address. */
export interface WorkFilter {
  readonly state: 'open' | 'deferred' | 'different' | 'linked';
  readonly band: 'link' | 'review' | undefined;
  readonly isMine: boolean;
}

export interface Work {
  readonly counts: ReviewPage['counts'];
  readonly reviews: readonly ReviewView[];
}

/** Pairs that may be one person, page by page as the list is read. */
export function useWork({ state, band, isMine }: WorkFilter) {
  return useInfiniteQuery({
    queryKey: [key, 'work', state, band, isMine],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ state });
      if (band) query.set('band', band);
      if (isMine) query.set('claimed', 'true');
      if (pageParam) query.set('after', pageParam);
      return requestJson<ReviewPage>(`${base}/review?${query}`, { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    select: ({ pages }): Work => ({
      counts: pages[0]?.counts ?? { open: 0, overdue: 0, deferred: 0, pending: 0 },
      reviews: pages.flatMap(({ reviews }) => reviews),
    }),
  });
}

export const usePair = (review: string) =>
  useQuery({
    queryKey: [key, 'pair', review],
    queryFn: ({ signal }) => requestJson<ReviewPairView>(`${base}/review/${encodeURIComponent(review)}`, { signal }),
  });

/** Takes a pair, so that nobody else decides it, or gives it back. */
export function useClaim(review: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (isTaken: boolean) =>
      isTaken
        ? postJson<ReviewView>(`${base}/review/${review}/claim`, {})
        : requestJson<ReviewView>(`${base}/review/${review}/claim`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: [key] }),
  });
}

export type DecisionSent =
  | { as: 'linked'; survivor: 'left' | 'right'; reason: string }
  | { as: 'different' | 'deferred'; reason: string };

/** `onDecided` is called before what it decided is fetched anew: the form is gone then. */
export function useDecision(review: number, onDecided: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: DecisionSent) => postJson<ReviewView>(`${base}/review/${review}/decision`, decision),
    onSuccess: onDecided,
    onSettled: () => client.invalidateQueries({ queryKey: [key] }),
  });
}

// What would be done is not asked again once it is done.

/** What a merge would move; asked for once a survivor is chosen. */
export const useMergePreview = (pair: { source: string; target: string } | undefined) =>
  useQuery({
    queryKey: ['merge-preview', pair?.source, pair?.target],
    queryFn: () => postJson<MergePreview>(`${base}/merge`, { ...pair, preview: true }),
    enabled: pair !== undefined,
  });

interface MergePage {
  readonly merges: readonly MergeView[];
  readonly next?: number;
}

export const useMerges = () =>
  useInfiniteQuery({
    queryKey: [key, 'merges'],
    queryFn: ({ pageParam, signal }) =>
      requestJson<MergePage>(`${base}/merge${pageParam === 0 ? '' : `?before=${pageParam}`}`, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ merges }) => merges),
  });

export const useMerge = (merge: string) =>
  useQuery({
    queryKey: [key, 'merge', merge],
    queryFn: ({ signal }) => requestJson<MergeView>(`${base}/merge/${encodeURIComponent(merge)}`, { signal }),
  });

/** What would become of everything, if a merge were undone. */
export const useUnmergePreview = (merge: number, isAsked: boolean) =>
  useQuery({
    queryKey: ['unmerge-preview', merge],
    queryFn: ({ signal }) => requestJson<UnmergeView>(`${base}/merge/${merge}/unmerge`, { signal }),
    enabled: isAsked,
  });

/** Says to whom resources belong; answers with what would become of everything then. */
export function usePlacements(merge: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (placements: readonly { resource: string; to: 'source' | 'survivor' }[]) =>
      postJson<UnmergeView>(`${base}/merge/${merge}/placements`, { placements }),
    onSuccess: (view) => client.setQueryData(['unmerge-preview', merge], view),
  });
}

export function useUnmerge(merge: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => postJson<MergeView>(`${base}/merge/${merge}/unmerge`, { reason }),
    onSuccess: (view) => {
      client.setQueryData([key, 'merge', String(merge)], view);
      return client.invalidateQueries({ queryKey: [key] });
    },
  });
}
