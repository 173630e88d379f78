import { instantOf } from '#fhir/store/index.ts';
import type { JsonValue } from '#lib/json/index.ts';
import type { MatchBand, MatchEvidence } from '../evidence.ts';
import type { Counts } from './queries.ts';
import type { Review, ReviewState } from './review.ts';

/** A pair as the review list tells of it; times are instants. */
export interface ReviewView {
  readonly review: number;
  /** Ids of both Patients. */
  readonly left: string;
  readonly right: string;
  readonly score: number;
  readonly band: MatchBand;
  readonly evidence: MatchEvidence;
  readonly state: ReviewState;
  readonly foundAt: string;
  readonly dueAt: string;
  readonly claim?: { readonly by: string; readonly byName: string; readonly until: string } | undefined;
  readonly decision?:
    | { readonly by: string; readonly byName: string; readonly at: string; readonly reason: string }
    | undefined;
  readonly merge?: number | undefined;
}

export interface ReviewPage {
  readonly counts: Counts;
  readonly reviews: readonly ReviewView[];
  /** Of the next page. */
  readonly next?: string | undefined;
}

export interface ReviewPairView extends ReviewView {
  /** Both Patients as they are now; undefined where one was deleted. */
  readonly patients: readonly (JsonValue | undefined)[];
  /** Scores from which a pair is reviewed, and from which it is one person. */
  readonly thresholds: { readonly review: number; readonly link: number };
}

export function printReview({ review, left, right, foundAt, dueAt, claim, decision, ...rest }: Review): ReviewView {
  return {
    review,
    left: left.id,
    right: right.id,
    ...rest,
    foundAt: instantOf(foundAt),
    dueAt: instantOf(dueAt),
    claim: claim && { ...claim, until: instantOf(claim.until) },
    decision: decision && { ...decision, at: instantOf(decision.at) },
  };
}
