/** Kinds of relationship in which a party stands to a patient; the number stands in stored keys and never changes. */
export const grantKinds = {
  /** Has, or lately had, an encounter with them. */
  treating: 1,
  /** Is their contracted family doctor or team. */
  contract: 2,
  referral: 3,
  consultation: 4,
  /** Runs a care programme in which they are enrolled. */
  programme: 5,
  /** May act for them: a guardian or proxy. */
  proxy: 6,
  /** Has broken the glass. */
  emergency: 7,
  /** Works on a case (supervision, audit, outbreak) that names them. */
  case: 8,
  /** Keeps their record or their insurance: registration, coverage. */
  custodian: 9,
} as const;

export type GrantKind = keyof typeof grantKinds;

/** Data categories of consents, 0 to 63: what is granted has kind 64 + category, what is denied 128 + category. */
export const consentGrant = (category: number): number => 64 + category;
export const consentDenial = (category: number): number => 128 + category;

/** The key under which grants to a party stand. */
export const grantKey = (party: number, kind: number): bigint => BigInt(party) * 256n + BigInt(kind);
