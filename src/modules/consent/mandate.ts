import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { type Consent, endOf, isActive, type Named, type Scope } from './consent.ts';
import { type ConsentDependencies, find, namedOf, toResource } from './dependencies.ts';
import { findConsents } from './find-consents.ts';
import { noticeTo } from './notices.ts';
import { requireRole } from './policy.ts';
import { lockPair } from './queries.ts';
import { save } from './save.ts';

/** Another resident, as one knows them: nobody knows the ids of the record. */
export interface KnownPerson {
  readonly identifier: string;
  readonly name: string;
}

export interface MandateInput {
  readonly person: KnownPerson;
  /** `them`: the one who asks wants to act for the other; `me`: the other shall act for the one who asks. */
  readonly actFor: 'them' | 'me';
  readonly until: string;
  /** How they are related, and what proves it. */
  readonly reason: string;
}

/**
 * Lets somebody act for a resident. Whoever gives it for themselves needs nobody; whoever asks to act for another waits
 * until the other, or the registration desk which has seen the proof, agrees.
 */
export async function askForMandate(
  deps: ConsentDependencies,
  access: Access,
  { person, actFor, until, reason }: MandateInput,
): Promise<{ readonly consent: Consent; readonly isRepeated: boolean }> {
  requireRole(access, 'ask to act for somebody');
  const self = await find(deps, deps.pool, 'Patient', access.actor.reference.replace(/^Patient\//, ''));
  const other = await findPerson(deps, person);
  if (other.reference === self.reference) throw new Failure('business-rule', 'You act for yourself already.');
  const [patient, party] = actFor === 'them' ? [other, namedOf(self)] : [namedOf(self), other];
  const at = new Date(deps.now()).toISOString();
  const decideBy = new Date(deps.now() + 30 * 86_400_000).toISOString();
  const consent: Consent = {
    id: deps.newId(),
    version: undefined,
    kind: 'mandate',
    state: actFor === 'them' ? 'requested' : 'granted',
    patient,
    party,
    requester: actFor === 'them' ? party : undefined,
    decidedBy: actFor === 'them' ? undefined : patient,
    purposes: ['PATRQT'],
    scope: mandateScope(until, deps.now()),
    asked: undefined,
    reason,
    note: undefined,
    decideBy: actFor === 'them' ? decideBy : undefined,
    at,
  };
  return inTransaction(deps.pool, async (transaction) => {
    await lockPair(transaction, patient.reference, party.reference);
    const { consents } = await findConsents(deps, transaction, {
      parameters: [
        ['patient', patient.reference],
        ['actor', party.reference],
        ['status', 'proposed,active'],
      ],
    });
    const same = consents.find((one) => one.kind === 'mandate' && (isActive(one) || one.state === consent.state));
    if (same) return { consent: same, isRepeated: true };
    const kind = actFor === 'them' ? 'mandate-requested' : 'mandate-decided';
    const notice = noticeTo(patient, kind, { id: deps.newId(), about: consent.id, name: party.display, at });
    const interaction = actFor === 'them' ? 'consent.mandate-requested' : 'consent.mandate-granted';
    const saved = await save(deps, transaction, access.actor, consent, { interaction, beside: [notice] });
    return { consent: saved, isRepeated: false };
  });
}

function mandateScope(until: string, now: number): Scope {
  if (endOf(until) <= now) throw new Failure('value', 'The end must lie in the future.');
  return { categories: [], from: undefined, until, dataFrom: undefined, dataUntil: undefined, eraseAt: undefined };
}

/** By a whole identifier and the whole name: neither alone says whether there is such a person. */
async function findPerson({ search, pool }: ConsentDependencies, { identifier, name }: KnownPerson): Promise<Named> {
  const { matches } = await search.search(
    {
      type: 'Patient',
      parameters: [
        ['identifier', identifier.replaceAll(/[\\,|$]/g, (sign) => `\\${sign}`)],
        ['_count', '5'],
      ],
      handling: 'strict',
      restriction: undefined,
    },
    pool,
  );
  const found = matches.filter(({ content }) => namesOf(toResource(content)).includes(normal(name)));
  const [one] = found;
  if (one && found.length === 1) return { reference: `Patient/${one.id}`, display: name };
  throw new Failure('not-found', 'No resident has this number and this name. Check both.');
}

const normal = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase();

function namesOf({ name }: JsonObject): string[] {
  return (Array.isArray(name) ? name.filter(isJsonObject) : []).flatMap(({ text, family, given }) => {
    const parts = Array.isArray(given) ? given.filter((part): part is string => typeof part === 'string') : [];
    const last = typeof family === 'string' ? family : '';
    const whole = typeof text === 'string' ? [text] : [];
    return [...whole, last + parts.join(''), parts.join('') + last].map(normal);
  });
}
