import { type Access, type AccessVerb, type Actor, fullAccess } from '#fhir/access/index.ts';
import type { Condition, Search } from '#fhir/search/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { CategoryConditions } from './category-conditions.ts';
import { atTime, compilePolicy, compileWhoseRecord } from './compile.ts';
import { both } from './conditions.ts';
import { selectOpenOf } from './emergency/queries.ts';
import { Fresh } from './fresh.ts';
import { clinicians, operations } from './policy/index.ts';
import { type Principal, roles } from './principal.ts';
import type { Asker } from './relation.ts';
import { type Narrowing, understandScopes } from './scopes/narrowing.ts';
import { loadStanding } from './standing.ts';

export interface AccessDependencies {
  readonly pool: Pool;
  readonly search: Pick<Search, 'parse'>;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** What the categories of consents mean. */
  readonly categories: CategoryConditions;
}

/** The access of a role, which knows more of itself than the FHIR server asks. */
export interface RoleAccess extends Access {
  /** The Patients whose health record is open to the actor, more than by who they are: all when undefined. */
  whoseRecord(): Condition | undefined;
  /** Ids of the Patients whose record the actor has opened in an emergency: looks at these are put down as such, at once. */
  readonly openedInEmergency: ReadonlySet<string>;
  /** References to the actor and to the institution for which they act. */
  readonly parties: ReadonlySet<string>;
}

export interface AccessModule {
  /** What this principal may do now; good for the request for which it was asked. */
  accessOf(principal: Principal): Promise<Access>;
  /** Forgets what is remembered for a second, so that a test need not wait. */
  forget(): void;
}

/** From this age on, what is confidential is not shown to parents. */
const ageOfOwnConsent = 14;

/** What a principal may, compiled type by type as it is asked for. */
interface Compiled {
  readonly openedInEmergency: ReadonlySet<string>;
  readonly parties: ReadonlySet<string>;
  whoseRecord(): Condition | undefined;
  conditionOf(verb: AccessVerb, type: string): Condition | undefined;
  mayRun(operation: string): boolean;
}

/**
 * Where somebody stands is found out at most once a second; whether a relationship holds is asked by every statement itself.
 */
export function createAccess(dependencies: AccessDependencies): AccessModule {
  const { now } = dependencies;
  const remembered = new Fresh<Compiled>({ forMs: 1000, most: 5000, now });
  const accessOf = async (principal: Principal): Promise<Access> => {
    const actor = toActor(principal);
    if (principal.role === 'operator' && principal.scopes === undefined) return fullAccess(actor);
    const compiled = await remembered.get(keyOf(principal), () => compile(dependencies, principal));
    const current = (condition: Condition | undefined) => condition && atTime(condition, now() * 1000);
    const access: RoleAccess = {
      actor,
      conditionOf: (verb, type) => current(compiled.conditionOf(verb, type)),
      whoseRecord: () => current(compiled.whoseRecord()),
      openedInEmergency: compiled.openedInEmergency,
      parties: compiled.parties,
      mayRun: compiled.mayRun,
    };
    return access;
  };
  return { accessOf, forget: () => remembered.forget() };
}

const toActor = ({ purpose, ...rest }: Principal): Actor => ({ ...rest, purpose: purpose ?? roles[rest.role] });

const keyOf = ({ reference, role, organization, purpose, scopes, patient }: Principal): string =>
  JSON.stringify([reference, role, organization, purpose, scopes, patient]);

async function compile({ pool, search, now, categories }: AccessDependencies, principal: Principal): Promise<Compiled> {
  const { reference, role, organization, scopes, patient = ownRecord(reference), purpose = roles[role] } = principal;
  const isSystem = role === 'system' || role === 'operator';
  const isClinician = clinicians.some((name) => name === role);
  const emergencies = isClinician ? await selectOpenOf(pool, reference, now()) : [];
  const standing = await loadStanding(pool, reference, organization);
  // After a quiet time, what came into the record since must not be shown where it was closed, nor be missing where it was opened.
  if (standing.consentKinds.length > 0) await categories.fresh?.();
  const narrowing = scopes && (await understandScopes(search, scopes, { isSystem, patient }));
  const asker: Asker = {
    standing,
    hasInstitution: organization !== undefined,
    categories,
    youngSince: yearsBefore(now(), ageOfOwnConsent),
  };
  const known = new Map<string, Condition | undefined>();
  return {
    openedInEmergency: new Set(emergencies.map((emergency) => emergency.patient)),
    parties: new Set([reference, ...standing.institution.map((party) => party.reference)]),
    whoseRecord: () =>
      role === 'operator'
        ? undefined
        : both([compileWhoseRecord(asker, role, purpose), narrowing?.conditionOf('read', 'Patient')]),
    conditionOf: (verb, type) => {
      const key = `${verb} ${type}`;
      if (known.has(key)) return known.get(key);
      const own = role === 'operator' ? undefined : compilePolicy(asker, role, purpose, verb, type);
      const condition = both([own, narrowing?.conditionOf(verb, type)]);
      known.set(key, condition);
      return condition;
    },
    mayRun: (operation) =>
      (role === 'operator' ||
        (Object.hasOwn(operations, operation) && operations[operation]?.includes(role) === true)) &&
      scopesLetRun(narrowing, operation),
  };
}

function scopesLetRun(narrowing: Narrowing | undefined, operation: string): boolean {
  if (!narrowing || operation === 'export') return true;
  return narrowing.allows('create') && narrowing.allows('update') && narrowing.allows('delete');
}

/** A resident who has opened an application is the patient in its context. */
const ownRecord = (reference: string): string | undefined =>
  reference.startsWith('Patient/') ? reference.slice('Patient/'.length) : undefined;

function yearsBefore(at: number, years: number): number {
  const day = new Date(at);
  return Date.UTC(day.getUTCFullYear() - years, day.getUTCMonth(), day.getUTCDate());
}
