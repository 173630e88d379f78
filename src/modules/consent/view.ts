import type { Access } from '#fhir/access/index.ts';
import {
  type Consent,
  type ConsentAction,
  type ConsentKind,
  type ConsentState,
  canMove,
  type Named,
  type Scope,
} from './consent.ts';
import { may } from './policy.ts';
import { type ConsentPurpose, purposes } from './purpose.ts';

/** A consent as the portal shows it. */
export interface ConsentView {
  readonly id: string;
  readonly version: number | undefined;
  readonly kind: ConsentKind;
  readonly state: ConsentState;
  readonly patient: Named;
  readonly party: Named | undefined;
  readonly requester: Named | undefined;
  readonly decidedBy: Named | undefined;
  readonly purposes: readonly ConsentPurpose[];
  readonly scope: Scope;
  readonly asked: Scope | undefined;
  readonly reason: string | undefined;
  readonly note: string | undefined;
  readonly decideBy: string | undefined;
  readonly at: string;
  /** What whoever asks may do with it now. */
  readonly may: readonly Extract<ConsentAction, 'grant' | 'deny' | 'revoke'>[];
}

const actions = ['grant', 'deny', 'revoke'] as const;

/** `isDecider`: whoever asks is the resident, or acts for them. */
export function viewConsent(access: Access, consent: Consent, isDecider: boolean): ConsentView {
  const isDesk = consent.kind === 'mandate' && may(access, 'approve of a mandate');
  const isHolder = consent.kind === 'mandate' && consent.party?.reference === access.actor.reference;
  const allowed = actions.filter((action) => {
    if (!canMove(consent, action)) return false;
    return isDesk || isDecider || (isHolder && action === 'revoke');
  });
  return { ...consent, purposes: purposes.filter((one) => consent.purposes.includes(one)), may: allowed };
}
