import { type Access, type Actor, fullAccess } from '#fhir/access/index.ts';
import { nothing, type Search } from '#fhir/search/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { type Principal, roles } from './principal.ts';

export interface AccessDependencies {
  readonly pool: Pool;
  readonly search: Pick<Search, 'parse'>;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

export interface AccessModule {
  /** What this principal may do now; good for the request for which it was asked. */
  accessOf(principal: Principal): Promise<Access>;
}

export function createAccess(_dependencies: AccessDependencies): AccessModule {
  return {
    accessOf: async (principal) => {
      const actor = toActor(principal);
      if (principal.role === 'operator') return fullAccess(actor);
      return { actor, conditionOf: () => nothing, mayRun: () => false };
    },
  };
}

function toActor({ scopes: _, patient: __, purpose, ...rest }: Principal): Actor {
  return { ...rest, purpose: purpose ?? roles[rest.role] };
}
