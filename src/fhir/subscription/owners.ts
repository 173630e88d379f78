import { type Access, type Actor, restrictionOf } from '../access/index.ts';
import type { Search } from '../search/index.ts';
import { type Connection, typeOfRid, type Written } from '../store/index.ts';
import { saveOwners, selectOwner } from './queries.ts';

export interface OwnerDependencies {
  search: Pick<Search, 'readable'>;
  /** What an actor may do now; undefined for nothing any more. */
  accessOf: (actor: Actor) => Promise<Access | undefined>;
}

/** Holds what subscriptions are told to what those may read who wrote them. */
export class Owners {
  readonly #deps: OwnerDependencies;

  constructor(deps: OwnerDependencies) {
    this.#deps = deps;
  }

  /** Whoever wrote a subscription last is its owner; what a process does for itself changes nothing. */
  async note(connection: Connection, written: readonly Written[]): Promise<void> {
    const owners = written.flatMap(({ rid, change: { type, access } }) =>
      type === 'Subscription' && access ? [{ rid, actor: JSON.stringify(access.actor) }] : [],
    );
    if (owners.length > 0) await saveOwners(connection, owners);
  }

  /** The rids of those resources of which a subscription may be told; decided anew each time. */
  async readable(connection: Connection, subscription: number, rids: readonly number[]): Promise<ReadonlySet<number>> {
    const stored = await selectOwner(connection, subscription);
    if (stored === undefined) return new Set(rids);
    const actor = JSON.parse(stored) as Actor;
    const access = await this.#deps.accessOf(actor);
    if (!access) return new Set();
    const placed = rids.map((rid) => ({ rid, type: typeOfRid(rid) ?? '' }));
    return this.#deps.search.readable(connection, restrictionOf(access, 'search'), placed);
  }
}
