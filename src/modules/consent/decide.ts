import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { type ActingFor, requireActingFor, requireOwnDecision } from './acting-for.ts';
import {
  type Consent,
  close,
  type Decision,
  grant,
  isActive,
  type OpenTest,
  printScope,
  type Scope,
} from './consent.ts';
import { type ConsentDependencies, namedOf } from './dependencies.ts';
import { eraseTask, type NoticeKind, noticeTo } from './notices.ts';
import { may } from './policy.ts';
import { load, requireVersion, save } from './save.ts';

export interface Choice {
  readonly id: string;
  /** The version that was seen. */
  readonly version: number | undefined;
  readonly note: string | undefined;
}

/** Grants what was asked for, or less when a scope is given. Doing so again is doing nothing. */
export function grantConsent(
  deps: ConsentDependencies,
  access: Access,
  choice: Choice & { readonly scope: Scope | undefined },
): Promise<Consent> {
  return decide(deps, access, choice, (consent, decision, acting) => {
    const scope = choice.scope ?? consent.scope;
    if (isActive(consent) && printScope(consent.scope) === printScope(scope)) return undefined;
    if (acting) requireOwnDecision(deps, acting, scope.categories);
    return { next: grant(consent, scope, decision, opensOf(deps)), notice: 'granted' };
  });
}

export function denyConsent(deps: ConsentDependencies, access: Access, choice: Choice): Promise<Consent> {
  return decide(deps, access, choice, (consent, decision) =>
    consent.state === 'denied' ? undefined : { next: close(consent, 'deny', decision), notice: 'denied' },
  );
}

/** From the next request on nothing is open under it. */
export function revokeConsent(deps: ConsentDependencies, access: Access, choice: Choice): Promise<Consent> {
  return decide(deps, access, choice, (consent, decision) =>
    consent.state === 'revoked' ? undefined : { next: close(consent, 'revoke', decision), notice: 'revoked' },
  );
}

/** Everything that is not sensitive is opened by `everything`. */
export const opensOf =
  ({ categories }: Pick<ConsentDependencies, 'categories'>): OpenTest =>
  (asked, category) => {
    if (asked === category) return true;
    const one = categories.list.find(({ code }) => code === asked);
    const other = categories.list.find(({ code }) => code === category);
    return one?.isWhole === true && other?.isSensitive === false;
  };

type Step = (
  consent: Consent,
  decision: Decision,
  acting: ActingFor | undefined,
) => { readonly next: Consent; readonly notice: NoticeKind } | undefined;

async function decide(deps: ConsentDependencies, access: Access, choice: Choice, step: Step): Promise<Consent> {
  const { id, version, note } = choice;
  const seen = await load(deps, deps.pool, id);
  const acting = await whoDecides(deps, access, seen);
  return inTransaction(deps.pool, async (transaction) => {
    const consent = await load(deps, transaction, id);
    const at = new Date(deps.now()).toISOString();
    const result = step(consent, { by: namedOf(access.actor), at, note }, acting);
    if (!result) return consent;
    requireVersion(consent, version);
    const { next, notice } = result;
    const kind = consent.kind === 'mandate' ? 'mandate-decided' : notice;
    const told = noticeTo(next.patient, kind, { id: deps.newId(), about: id, name: next.party?.display, at });
    const { party } = next;
    const mustErase = next.state === 'revoked' && next.scope.eraseAt !== undefined && party;
    const task = mustErase ? [eraseTask({ ...next, party }, deps.newId(), at)] : [];
    const interaction = `consent.${next.state}`;
    return save(deps, transaction, access.actor, next, { interaction, beside: [told, ...task] });
  });
}

/** A mandate is approved at the desk, too, and given up by whoever holds it. */
async function whoDecides(deps: ConsentDependencies, access: Access, consent: Consent): Promise<ActingFor | undefined> {
  if (consent.kind === 'mandate') {
    if (may(access, 'approve of a mandate')) return undefined;
    const isHolder = consent.party?.reference === access.actor.reference && isActive(consent);
    if (isHolder) return undefined;
    const acting = await requireActingFor(deps, access, consent.patient.reference.slice('Patient/'.length));
    if (acting.isSelf) return acting;
    throw new Failure(
      'forbidden',
      'Who may act for a resident is decided by the resident, or at the registration desk.',
    );
  }
  return requireActingFor(deps, access, consent.patient.reference.slice('Patient/'.length));
}
