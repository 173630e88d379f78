import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { type Consent, type Named, printScope, type Scope } from './consent.ts';
import { type ConsentDependencies, find, namedOf, requireReadable } from './dependencies.ts';
import { findConsents } from './find-consents.ts';
import { noticeTo } from './notices.ts';
import { requireRole } from './policy.ts';
import type { ConsentPurpose } from './purpose.ts';
import { lockPair } from './queries.ts';
import { save } from './save.ts';

export interface Request {
  /** An id. */
  readonly patient: string;
  /** Whoever asks, or the institution for which they act. */
  readonly forWhom: 'myself' | 'organization';
  readonly purpose: ConsentPurpose;
  readonly scope: Scope;
  readonly reason: string;
}

/** A resident who has not decided in so many days has not agreed. */
const daysToDecide = 30;

/**
 * Asks a resident to open part of their record. The same request is made once, however often it is sent; another one to the
 * same resident waits until they have decided about the first.
 */
export async function ask(
  deps: ConsentDependencies,
  access: Access,
  { patient: patientId, forWhom, purpose, scope, reason }: Request,
): Promise<{ readonly consent: Consent; readonly isRepeated: boolean }> {
  requireRole(access, 'ask for consent');
  const patient = await find(deps, deps.pool, 'Patient', patientId);
  await requireReadable(deps, access, patient);
  const party = await partyOf(deps, access, forWhom);
  const at = deps.now();
  const consent: Consent = {
    id: deps.newId(),
    version: undefined,
    kind: 'sharing',
    state: 'requested',
    patient: namedOf(patient),
    party,
    requester: namedOf(access.actor),
    decidedBy: undefined,
    purposes: [purpose],
    scope,
    asked: undefined,
    reason,
    note: undefined,
    decideBy: new Date(at + daysToDecide * 86_400_000).toISOString(),
    at: new Date(at).toISOString(),
  };
  return inTransaction(deps.pool, async (transaction) => {
    await lockPair(transaction, patient.reference, party.reference);
    const waiting = await findConsents(deps, transaction, {
      parameters: [
        ['patient', patient.reference],
        ['actor', party.reference],
        ['status', 'proposed'],
      ],
      count: 10,
    });
    const same = waiting.consents.find(
      (one) => printScope(one.scope) === printScope(scope) && one.purposes[0] === purpose,
    );
    if (same) return { consent: same, isRepeated: true };
    if (waiting.consents.length > 0) {
      throw new Failure('conflict', `${party.display} has asked already; wait until that request is decided.`);
    }
    const notice = noticeTo(consent.patient, 'requested', {
      id: deps.newId(),
      about: consent.id,
      name: party.display,
      at: consent.at,
    });
    const saved = await save(deps, transaction, access.actor, consent, {
      interaction: 'consent.requested',
      beside: [notice],
    });
    return { consent: saved, isRepeated: false };
  });
}

async function partyOf(deps: ConsentDependencies, { actor }: Access, forWhom: Request['forWhom']): Promise<Named> {
  if (forWhom === 'myself') return namedOf(actor);
  if (actor.organization === undefined) {
    throw new Failure('business-rule', 'You act for no institution here: ask for yourself.');
  }
  return namedOf(await find(deps, deps.pool, 'Organization', actor.organization.replace(/^Organization\//, '')));
}
