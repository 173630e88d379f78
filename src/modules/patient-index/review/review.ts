import type { MatchBand, MatchEvidence } from '../evidence.ts';

export const reviewStates = ['open', 'deferred', 'linked', 'different', 'withdrawn'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** Two Patients that may be one person. All times are microseconds since 1970 UTC. */
export interface Review {
  readonly review: number;
  readonly left: { readonly rid: number; readonly id: string };
  readonly right: { readonly rid: number; readonly id: string };
  readonly score: number;
  readonly band: MatchBand;
  readonly evidence: MatchEvidence;
  readonly state: ReviewState;
  readonly foundAt: number;
  readonly dueAt: number;
  /** Whoever works on it: until then nobody else decides. */
  readonly claim: { readonly by: string; readonly byName: string; readonly until: number } | undefined;
  readonly decision:
    | { readonly by: string; readonly byName: string; readonly at: number; readonly reason: string }
    | undefined;
  /** Of a linked pair. */
  readonly merge: number | undefined;
}

const minuteMicros = 60_000_000;

/** Illustrative: a pair is to be decided within three days (reference/domain 31, section 4.3), a claim ends by itself. */
export const dueAfterMicros = 3 * 24 * 60 * minuteMicros;
export const claimMicros = 30 * minuteMicros;

/** What two comparisons of a pair say, apart from weights, which change whenever they are learnt anew. */
export const patternOf = ({ fields, rules }: MatchEvidence): string =>
  [...fields.map(({ field, level }) => `${field}=${level}`), ...rules].sort().join(' ');
