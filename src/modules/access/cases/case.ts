/** A purpose for which named records are opened to whoever works on it. */
export interface Case {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly purpose: CasePurpose;
  readonly legalBasis: string;
  readonly actor: string;
  readonly actorRid: number;
  readonly display: string;
  readonly role: string;
  readonly organization: string | undefined;
  /** Milliseconds since 1970 UTC, as all instants here. */
  readonly requested: number;
  readonly ends: number;
  readonly state: CaseState;
  readonly decider: string | undefined;
  readonly deciderDisplay: string | undefined;
  readonly decided: number | undefined;
  readonly note: string | undefined;
  /** Ids of the Patients. */
  readonly patients: readonly string[];
}

/** requested -> open / refused; open -> closed, or at its end. */
export type CaseState = 'requested' | 'open' | 'refused' | 'closed';

/** Codes of http://terminology.hl7.org/CodeSystem/v3-ActReason */
export const casePurposes = ['HOPERAT', 'HPAYMT', 'PUBHLTH', 'HLEGAL', 'HQUALIMP'] as const;
export type CasePurpose = (typeof casePurposes)[number];

/** As it is sent. */
export interface CaseView {
  readonly id: string;
  readonly title: string;
  readonly purpose: CasePurpose;
  readonly legalBasis: string;
  readonly person: { readonly reference: string; readonly display: string; readonly role: string };
  readonly organization?: string;
  readonly requested: string;
  readonly ends: string;
  /** `ended` when its time is over. */
  readonly state: CaseState | 'ended';
  readonly decider?: string;
  readonly note?: string;
  readonly patients: readonly string[];
  readonly isOwn: boolean;
}

export function caseViewOf(one: Case, asker: string, now: number): CaseView {
  const { id, title, purpose, legalBasis, actor, display, role, organization, requested, ends, state } = one;
  return {
    id,
    title,
    purpose,
    legalBasis,
    person: { reference: actor, display, role },
    ...(organization !== undefined && { organization }),
    requested: new Date(requested).toISOString(),
    ends: new Date(ends).toISOString(),
    state: state === 'open' && ends <= now ? 'ended' : state,
    ...(one.deciderDisplay !== undefined && { decider: one.deciderDisplay }),
    ...(one.note !== undefined && { note: one.note }),
    patients: one.patients,
    isOwn: actor === asker,
  };
}
