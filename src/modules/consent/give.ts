import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { requireActingFor, requireOwnDecision } from './acting-for.ts';
import { type Consent, isActive, type Named, printScope, type Scope } from './consent.ts';
import { type ConsentDependencies, findParty, namedOf } from './dependencies.ts';
import { findConsents } from './find-consents.ts';
import { noticeTo } from './notices.ts';
import type { ConsentPurpose } from './purpose.ts';
import { lockPair } from './queries.ts';
import { save } from './save.ts';

export interface Gift {
  /** An id. */
  readonly patient: string;
  /** `Practitioner/1` or `Organization/1`; undefined, where something is closed, for everybody. */
  readonly party: string | undefined;
  readonly purpose: ConsentPurpose | undefined;
  readonly scope: Scope;
}

type Kind = 'sharing' | 'closing';

/** A resident opens part of their record, or closes it, of their own accord. The same is done once. */
export async function give(
  deps: ConsentDependencies,
  access: Access,
  kind: Kind,
  { patient: patientId, party: reference, purpose, scope }: Gift,
): Promise<{ readonly consent: Consent; readonly isRepeated: boolean }> {
  const acting = await requireActingFor(deps, access, patientId);
  requireOwnDecision(deps, acting, scope.categories);
  if (reference === undefined && kind === 'sharing') throw new Failure('required', 'Say to whom: send "party".');
  const party =
    reference === undefined
      ? undefined
      : namedOf(await findParty(deps, deps.pool, reference, ['Practitioner', 'Organization']));
  const at = new Date(deps.now()).toISOString();
  const consent: Consent = {
    id: deps.newId(),
    version: undefined,
    kind,
    state: 'granted',
    patient: namedOf(acting.patient),
    party,
    requester: undefined,
    decidedBy: namedOf(access.actor),
    purposes: purpose === undefined ? [] : [purpose],
    scope,
    asked: undefined,
    reason: undefined,
    note: undefined,
    decideBy: undefined,
    at,
  };
  return inTransaction(deps.pool, async (transaction) => {
    await lockPair(transaction, consent.patient.reference, party?.reference ?? 'everybody');
    const same = await findSame(deps, transaction, consent);
    if (same) return { consent: same, isRepeated: true };
    const notice = noticeTo(consent.patient, kind === 'sharing' ? 'granted' : 'closed', {
      id: deps.newId(),
      about: consent.id,
      name: party?.display,
      at,
    });
    const interaction = kind === 'sharing' ? 'consent.granted' : 'consent.closed';
    const saved = await save(deps, transaction, access.actor, consent, { interaction, beside: [notice] });
    return { consent: saved, isRepeated: false };
  });
}

const isSameParty = (one: Named | undefined, other: Named | undefined): boolean => one?.reference === other?.reference;

async function findSame(
  deps: ConsentDependencies,
  transaction: Parameters<typeof findConsents>[1],
  consent: Consent,
): Promise<Consent | undefined> {
  const { consents } = await findConsents(deps, transaction, {
    parameters: [
      ['patient', consent.patient.reference],
      ['status', 'active'],
      ['category', `http://meridian.health/fhir/CodeSystem/consent-category|${consent.kind}`],
    ],
  });
  return consents.find(
    (one) =>
      isActive(one) && isSameParty(one.party, consent.party) && printScope(one.scope) === printScope(consent.scope),
  );
}
