import type { Connection } from '#fhir/store/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { MatchEvidence } from './evidence.ts';

/** A Patient that may be the same person. */
export interface Candidate {
  readonly rid: number;
  readonly id: string;
  readonly evidence: MatchEvidence;
}

/** What the review list asks of the matching. */
export interface Matching {
  /** Those who may be the same person as this Patient (band `link` or `review`), the likeliest first; never itself. */
  candidatesOf(
    connection: Connection,
    patient: { readonly rid: number; readonly resource: JsonObject },
    limit: number,
  ): Promise<readonly Candidate[]>;
  /** Two Patients, field by field. */
  compare(connection: Connection, left: JsonObject, right: JsonObject): Promise<MatchEvidence>;
}
