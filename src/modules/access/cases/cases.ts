import type { Access, Actor, TrailEntry } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { partsOf } from '../conditions.ts';
import { selectRid } from '../emergency/queries.ts';
import type { Role } from '../principal.ts';
import type { Case, CasePurpose } from './case.ts';
import {
  endCaseGrants,
  insertCase,
  insertCaseGrants,
  lockCase,
  selectCases,
  selectPatients,
  updateClosed,
  updateState,
} from './queries.ts';

export type CaseDependencies = Pick<FhirContext, 'pool' | 'trail' | 'now' | 'newId'>;

/** Who works on cases: they see no record outside one. */
export const caseWorkers: readonly Role[] = ['regulator', 'disease-control-officer', 'insurer'];
export const mostPatients = 1000;
const longest = 366 * 24 * 3600_000;

export interface CaseRequest {
  readonly title: string;
  readonly purpose: CasePurpose;
  readonly legalBasis: string;
  readonly patients: readonly string[];
  /** Milliseconds since 1970 UTC. */
  readonly ends: number;
}

/** Asks for a case; nothing is open until somebody else has agreed. */
export async function requestCase(deps: CaseDependencies, { actor }: Access, input: CaseRequest): Promise<Case> {
  if (!isWorker(actor)) throw new Failure('forbidden', `As ${actor.role} you may not ask for a case.`);
  const now = deps.now();
  if (input.ends <= now || input.ends > now + longest) {
    throw new Failure('value', 'ends must lie in the future, at most a year from now.');
  }
  return inTransaction(deps.pool, async (transaction) => {
    const { type, id } = partsOf(actor.reference);
    const actorRid = await selectRid(transaction, type, id);
    if (actorRid === undefined) {
      throw new Failure(
        'business-rule',
        `The record does not know ${actor.reference}: ask an administrator to enter it.`,
      );
    }
    const patients = await selectPatients(transaction, input.patients);
    const missing = input.patients.find((patient) => !patients.has(patient));
    if (missing !== undefined) throw new Failure('not-found', `There is no Patient/${missing}.`);
    const own = { ...input, id: deps.newId(), actor: actor.reference, actorRid, requested: now };
    const { display, role, organization } = actor;
    await insertCase(transaction, { ...own, display, role, organization }, patients);
    const made = await found(transaction, own.id);
    await put(deps, transaction, actor, 'access.requested-case', made, now);
    return made;
  });
}

/**
 * Agrees to a case, which opens its records until its end, or refuses it. Four eyes: another person of the same role and
 * institution, or a privacy officer.
 */
export async function decideCase(
  deps: CaseDependencies,
  { actor }: Access,
  input: { id: string; decision: 'open' | 'refused'; note: string | undefined },
): Promise<Case> {
  return inTransaction(deps.pool, async (transaction) => {
    const one = await found(transaction, input.id);
    requireDecider(actor, one);
    if (one.state !== 'requested') {
      if (one.state === input.decision && one.decider === actor.reference) return one;
      throw new Failure('conflict', `This case is ${one.state} already. Read it anew.`);
    }
    const now = deps.now();
    if (input.decision === 'open' && one.ends <= now) {
      throw new Failure('business-rule', 'The time of this case is over: ask for it anew.');
    }
    const decision = { decider: actor.reference, deciderDisplay: actor.display, note: input.note };
    await updateState(transaction, one.number, { state: input.decision, ...decision, at: now });
    if (input.decision === 'open') await insertCaseGrants(transaction, one, now);
    const decided = { ...one, ...decision, state: input.decision, decided: now };
    await put(
      deps,
      transaction,
      actor,
      input.decision === 'open' ? 'access.opened-case' : 'access.refused-case',
      decided,
      now,
    );
    return decided;
  });
}

/** Closes a case before its end, by whoever works on it or could have decided it; its records are closed at once. */
export async function closeCase(deps: CaseDependencies, { actor }: Access, id: string): Promise<Case> {
  return inTransaction(deps.pool, async (transaction) => {
    const one = await found(transaction, id);
    if (one.actor !== actor.reference) requireDecider(actor, one);
    if (one.state === 'closed') return one;
    if (one.state === 'refused') throw new Failure('conflict', 'This case was refused: there is nothing to close.');
    const now = deps.now();
    await updateClosed(transaction, one.number, now);
    await endCaseGrants(transaction, one, now);
    await put(deps, transaction, actor, 'access.closed-case', one, now);
    return { ...one, state: 'closed' };
  });
}

/** A privacy officer sees all cases, whoever works on cases those of their institution. */
export async function listCases(
  { pool }: CaseDependencies,
  { actor }: Access,
  { before, count }: { before: number | undefined; count: number },
): Promise<{ cases: Case[]; next: number | undefined }> {
  const isOfficer = actor.role === 'privacy-officer';
  if (!isOfficer && !isWorker(actor)) throw new Failure('forbidden', `As ${actor.role} you may not see cases.`);
  const rows = await selectCases(pool, {
    actor: isOfficer ? undefined : actor.reference,
    organization: actor.organization,
    before: before ?? Number.MAX_SAFE_INTEGER,
    count: count + 1,
  });
  const cases = rows.slice(0, count);
  return { cases, next: rows.length > count ? cases.at(-1)?.number : undefined };
}

const isWorker = ({ role }: Actor): boolean => caseWorkers.some((name) => name === role);

function requireDecider(actor: Actor, one: Case): void {
  if (one.actor === actor.reference) {
    throw new Failure('forbidden', 'You asked for this case yourself: somebody else must decide it.');
  }
  const isPeer = actor.role === one.role && actor.organization !== undefined && actor.organization === one.organization;
  if (!isPeer && actor.role !== 'privacy-officer') {
    throw new Failure(
      'forbidden',
      'A colleague of the same role and institution decides this case, or a privacy officer.',
    );
  }
}

async function found(transaction: Transaction, id: string): Promise<Case> {
  const one = await lockCase(transaction, id);
  if (!one) throw new Failure('not-found', `There is no case ${id}.`);
  return one;
}

async function put(
  { trail }: CaseDependencies,
  transaction: Transaction,
  actor: Actor,
  interaction: string,
  { id, title, patients }: Case,
  at: number,
): Promise<void> {
  const entry: TrailEntry = {
    actor,
    at,
    action: 'E',
    interaction,
    outcome: '0',
    entities: patients.map((patient) => ({ type: 'Patient', id: patient })),
    patients,
    detail: `${id}: ${title}`,
  };
  await trail.write(transaction, [entry]);
}
