import { Failure } from '#lib/failure.ts';

/** `sharing`: opens data to somebody; `closing`: closes it; `mandate`: lets somebody act for the patient. */
export const consentKinds = ['sharing', 'closing', 'mandate'] as const;
export type ConsentKind = (typeof consentKinds)[number];

/**
 * requested -> granted | narrowed | denied | lapsed (nobody decided in time);
 * granted, narrowed -> revoked | expired.
 */
export const consentStates = ['requested', 'granted', 'narrowed', 'denied', 'lapsed', 'revoked', 'expired'] as const;
export type ConsentState = (typeof consentStates)[number];

/** What is opened or closed, and for how long. Times are FHIR dates or dateTimes. */
export interface Scope {
  /** Codes of data categories; empty for a mandate. */
  readonly categories: readonly string[];
  readonly from: string | undefined;
  readonly until: string | undefined;
  /** Only what is dated in this range. */
  readonly dataFrom: string | undefined;
  readonly dataUntil: string | undefined;
  /** From then on the party must hold no copy. */
  readonly eraseAt: string | undefined;
}

/** A resource, and its name in clear words. */
export interface Named {
  /** `Organization/1` */
  readonly reference: string;
  readonly display: string;
}

export interface Consent {
  readonly id: string;
  /** Undefined before it is written for the first time. */
  readonly version: number | undefined;
  readonly kind: ConsentKind;
  readonly state: ConsentState;
  readonly patient: Named;
  /** To whom, for whom, against whom; undefined for everybody. */
  readonly party: Named | undefined;
  /** Who has asked; undefined when the patient began. */
  readonly requester: Named | undefined;
  readonly decidedBy: Named | undefined;
  /** Codes of http://terminology.hl7.org/CodeSystem/v3-ActReason */
  readonly purposes: readonly string[];
  readonly scope: Scope;
  /** What was asked for, where less was granted. */
  readonly asked: Scope | undefined;
  /** Why it was asked for, or what proof was seen; in the words of whoever wrote it. */
  readonly reason: string | undefined;
  readonly note: string | undefined;
  /** A request lapses then. */
  readonly decideBy: string | undefined;
  /** When it came into its state. */
  readonly at: string;
}

export type ConsentAction = 'grant' | 'deny' | 'revoke' | 'lapse' | 'expire';

const moves: Readonly<Record<ConsentAction, readonly ConsentState[]>> = {
  grant: ['requested'],
  deny: ['requested'],
  lapse: ['requested'],
  revoke: ['granted', 'narrowed'],
  expire: ['granted', 'narrowed'],
};

export const canMove = ({ state }: Pick<Consent, 'state'>, action: ConsentAction): boolean =>
  moves[action].includes(state);

/** Whether it opens or closes anything. */
export const isActive = ({ state }: Pick<Consent, 'state'>): boolean => state === 'granted' || state === 'narrowed';

/** Fails with `business-rule` where the state does not allow it. */
export function requireMove(consent: Consent, action: ConsentAction): void {
  if (canMove(consent, action)) return;
  throw new Failure('business-rule', `This consent is ${consent.state}; there is nothing to ${action}. Load it again.`);
}

export interface Decision {
  readonly by: Named | undefined;
  readonly at: string;
  readonly note?: string | undefined;
}

/** What was asked for, or less. Fails with `business-rule` when it is more. */
export function grant(consent: Consent, scope: Scope, { by, at, note }: Decision, isOpen: OpenTest): Consent {
  requireMove(consent, 'grant');
  const wider = widerIn(consent.scope, scope, isOpen);
  if (wider) {
    throw new Failure('business-rule', `Grant what was asked for, or less: ${wider} goes beyond it.`);
  }
  const isSame = printScope(consent.scope) === printScope(scope);
  const decided = { ...consent, scope, decidedBy: by, at, decideBy: undefined, note };
  return isSame ? { ...decided, state: 'granted' } : { ...decided, state: 'narrowed', asked: consent.scope };
}

export function close(consent: Consent, action: Exclude<ConsentAction, 'grant'>, { by, at, note }: Decision): Consent {
  requireMove(consent, action);
  const states = { deny: 'denied', lapse: 'lapsed', revoke: 'revoked', expire: 'expired' } as const;
  return { ...consent, state: states[action], decidedBy: by ?? consent.decidedBy, at, note: note ?? consent.note };
}

/** Whether a category asked for includes another one: `everything` includes what is not sensitive. */
export type OpenTest = (asked: string, category: string) => boolean;

/** What of a scope goes beyond another one; undefined when nothing does. */
export function widerIn(asked: Scope, given: Scope, isOpen: OpenTest): string | undefined {
  if (given.categories.some((category) => !asked.categories.some((one) => isOpen(one, category)))) return 'a category';
  if (isBefore(given.from, asked.from) || isAfter(given.until, asked.until)) return 'the period';
  if (isBefore(given.dataFrom, asked.dataFrom) || isAfter(given.dataUntil, asked.dataUntil)) {
    return 'the period of the data';
  }
  return isAfter(given.eraseAt, asked.eraseAt) ? 'the time of erasure' : undefined;
}

const isBefore = (given: string | undefined, asked: string | undefined): boolean =>
  asked !== undefined && (given === undefined || startOf(given) < startOf(asked));

const isAfter = (given: string | undefined, asked: string | undefined): boolean =>
  asked !== undefined && (given === undefined || endOf(given) > endOf(asked));

/** Milliseconds since 1970 UTC: when what a date or dateTime names begins. */
export const startOf = (value: string): number => Date.parse(value.length === 10 ? `${value}T00:00:00Z` : value);

/** When it is over: a day ends as the next begins. */
export const endOf = (value: string): number => startOf(value) + (value.length === 10 ? 86_400_000 : 0);

export const printScope = ({ categories, from, until, dataFrom, dataUntil, eraseAt }: Scope): string =>
  JSON.stringify([[...categories].sort(), from, until, dataFrom, dataUntil, eraseAt]);

/** When its state changes by itself. */
export function deadlineOf(consent: Consent): { readonly action: 'lapse' | 'expire'; readonly at: number } | undefined {
  if (consent.state === 'requested' && consent.decideBy) return { action: 'lapse', at: endOf(consent.decideBy) };
  const { until, eraseAt } = consent.scope;
  const ends = [...(until ? [endOf(until)] : []), ...(eraseAt ? [startOf(eraseAt)] : [])];
  return isActive(consent) && ends.length > 0 ? { action: 'expire', at: Math.min(...ends) } : undefined;
}
