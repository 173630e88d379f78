import { Failure } from '#lib/failure.ts';
import type { Condition } from '../search/condition.ts';
import type { Restriction } from '../search/restriction.ts';
import type { Actor } from './actor.ts';

/** Who may search is shown what is found; reading by id is a right of its own, as SMART scopes have it. */
export type AccessVerb = 'read' | 'search' | 'create' | 'update' | 'delete';

/** What one actor may do; decided by the module `access`, compiled into every plan by the FHIR server. */
export interface Access {
  readonly actor: Actor;
  /** Everything is allowed: no condition is ever given. */
  readonly isFull?: true;
  /**
   * Which resources of a type the actor may read, find, create, update or delete: all (undefined), none (`nothing`), or those that
   * meet a condition. A create must meet it once written; an update both before and after.
   */
  conditionOf(verb: AccessVerb, type: string): Condition | undefined;
  /** Ids of the patients whose records are open to the actor in an emergency only: a look is put down before it is answered. */
  readonly openedInEmergency?: ReadonlySet<string>;
  /** Operations that do more than read what may be read: `export`, `import`, `expunge`, `reindex`, `merge` ... */
  mayRun(operation: string): boolean;
}

/** The same, under the name of whoever caused it: for what a module has decided by its own policy. */
export const fullAccess = (actor: Actor): Access => ({
  actor,
  isFull: true,
  conditionOf: () => undefined,
  mayRun: () => true,
});

/** Whoever holds the machine: the command line, and work that nobody asked for. */
export const operatorAccess: Access = fullAccess({
  reference: 'operator',
  display: 'Operator at the machine',
  role: 'operator',
  purpose: 'HSYSADMIN',
});

export const isNone = (condition: Condition | undefined): boolean =>
  condition?.is === 'any' && condition.conditions.length === 0;

/** What the actor may find or read, as searches take it. */
export const restrictionOf = (
  { isFull, conditionOf }: Access,
  verb: Extract<AccessVerb, 'read' | 'search'>,
): Restriction | undefined => (isFull ? undefined : (type) => conditionOf(verb, type));

/** Fails with `forbidden` unless the actor may do this with at least some resources of the type. */
export function requireAccess({ actor, conditionOf }: Access, verb: AccessVerb, type: string): void {
  if (isNone(conditionOf(verb, type))) throw refusal(actor, verb, type);
}

export const refusal = ({ role }: Actor, verb: AccessVerb, name: string): Failure =>
  new Failure('forbidden', `As ${role} you may not ${verb} ${name}: no rule of access allows it here and now.`);
