/** What was compared of two persons: the weights of all add up to the score. */
export type EvidenceField =
  | 'name'
  /** Of names in Latin letters, which are compared by their parts. */
  | 'familyName'
  | 'givenName'
  | 'birthDate'
  | 'sex'
  | 'nationalId'
  | 'document'
  | 'insuranceNumber'
  | 'phone'
  | 'address'
  | 'mother'
  | 'birthOrder';

/** How far one field of two persons agrees, and what that says: log2(m/u) of the level. */
export interface FieldEvidence {
  readonly field: EvidenceField;
  /** Such as `equal`, `homophone`, `one-digit-different`; `missing` where either side has none, which weighs nothing. */
  readonly level: string;
  /** As it stands in the record; undefined where there is none. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  /** In bits; above 0 speaks for one person, below 0 for two. */
  readonly weight: number;
}

export type MatchBand = 'link' | 'review' | 'new';

/** A comparison of two persons. */
export interface MatchEvidence {
  /** The sum of the weights, in bits. */
  readonly score: number;
  readonly band: MatchBand;
  readonly fields: readonly FieldEvidence[];
  /** Rules that decided the band whatever the score: `conflicting-ids`, `birth-dates-differ`, `twins`, ... */
  readonly rules: readonly string[];
}
