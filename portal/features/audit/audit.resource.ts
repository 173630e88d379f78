import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ConcernKind, ConcernState } from '../../../src/modules/audit/index.ts';
import { postJson, requestJson } from '../../http/json-client.ts';

export type { ConcernKind, ConcernState };

const address = '/api/audit';

/** What somebody did with a record on a day, for one purpose. */
export interface AccessView {
  agent: { reference: string; display: string; role: string; organizationName?: string };
  purpose: string;
  isRefused: boolean;
  isChange: boolean;
  types: string[];
  count: number;
  first: string;
  last: string;
  event: number;
}

export interface DayView {
  day: string;
  accesses: AccessView[];
}

interface AccessPage {
  days: DayView[];
  next?: string;
}

const queryOf = (parts: Record<string, string | undefined>) =>
  new URLSearchParams(Object.entries(parts).filter((part): part is [string, string] => Boolean(part[1])));

/** Who looked at a record, day by day. */
export const useAccesses = (patient: string, withOwn: boolean) =>
  useInfiniteQuery({
    queryKey: ['audit', 'accesses', patient, withOwn],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const query = queryOf({ patient, zone, own: withOwn ? 'true' : undefined, cursor: pageParam });
      return requestJson<AccessPage>(`${address}/accesses?${query}`, { signal });
    },
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ days }) => days),
  });

export interface QuestionView {
  number: number;
  agent: string;
  agentDisplay: string;
  at: string;
  text: string;
  state: ConcernState;
  answer?: string;
  answeredAt?: string;
}

export const useQuestions = (patient: string) =>
  useQuery({
    queryKey: ['audit', 'questions', patient],
    queryFn: ({ signal }) =>
      requestJson<{ questions: QuestionView[] }>(`${address}/questions?${queryOf({ patient })}`, { signal }),
    select: ({ questions }) => questions,
  });

export function useAsk(patient: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (question: { event: number; text: string }) =>
      postJson<QuestionView>(`${address}/questions`, { patient, ...question }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['audit', 'questions', patient] }),
  });
}

export interface ConcernView {
  number: number;
  day: string;
  agent: string;
  agentDisplay: string;
  patient: string;
  patientName?: string;
  kinds: ConcernKind[];
  reasons: Partial<Record<ConcernKind, string>>;
  firstAt: string;
  looks: number;
  state: ConcernState;
  reviewer?: string;
  note?: string;
  reviewedAt?: string;
  version: number;
}

interface ConcernPage {
  counts: Partial<Record<ConcernState, number>>;
  concerns: ConcernView[];
  next?: number;
}

export const useConcerns = (state: ConcernState, kind: string) =>
  useInfiniteQuery({
    queryKey: ['audit', 'concerns', state, kind],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<ConcernPage>(`${address}/concerns?${queryOf({ state, kind, before: pageParam })}`, { signal }),
    getNextPageParam: ({ next }) => next?.toString(),
    select: ({ pages }) => ({
      counts: pages[0]?.counts ?? {},
      concerns: pages.flatMap(({ concerns }) => concerns),
    }),
  });

export function useJudge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ number, ...judgement }: { number: number; version: number; state: ConcernState; note: string }) =>
      postJson<ConcernView>(`${address}/concerns/${number}/judgement`, judgement),
    onSettled: () => client.invalidateQueries({ queryKey: ['audit', 'concerns'] }),
  });
}

export interface EventView {
  number: number;
  at: string;
  action: string;
  outcome: string;
  interaction: string;
  agent: string;
  display: string;
  role: string;
  purpose: string;
  organizationName?: string;
  client?: string;
  address?: string;
  entities: string[];
  patients: { id: string; name?: string }[];
  detail: string;
}

export interface EventFilter {
  patient: string;
  agent: string;
  from: string;
  to: string;
  outcome: string;
}

export const useEvents = (filter: EventFilter) =>
  useInfiniteQuery({
    queryKey: ['audit', 'events', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<{ events: EventView[]; next?: string }>(
        `${address}/events?${queryOf({ ...filter, cursor: pageParam })}`,
        { signal },
      ),
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ events }) => events),
  });

export interface TrailState {
  sealedAt?: string;
  blocks: number;
  unsealed: number;
  verifications: {
    ended: string;
    seconds: number;
    isWhole: boolean;
    events: number;
    findings: number;
    examples: string[];
  }[];
}

export const useTrailState = () =>
  useQuery({
    queryKey: ['audit', 'state'],
    queryFn: ({ signal }) => requestJson<TrailState>(`${address}/state`, { signal }),
    refetchInterval: 5000,
  });
