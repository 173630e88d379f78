import { Int2Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { resourceTypeNumber, resourceTypeOfNumber } from '../definitions/index.ts';
import { type Connection, selectRids } from './queries.ts';
import { nameOf } from './rid.ts';

const cacheLimit = 200_000;

/** Splits `Patient/1`. */
function splitName(name: string): { type: string; id: string } {
  const slash = name.indexOf('/');
  return { type: name.slice(0, slash), id: name.slice(slash + 1) };
}

async function lookUp(connection: Connection, names: string[]): Promise<Map<string, number>> {
  const ids = new TextColumn();
  const types = new Int2Column();
  for (const name of names) {
    const { type, id } = splitName(name);
    ids.push(id);
    types.push(resourceTypeNumber(type));
  }
  const rows = await selectRids(connection, ids, types);
  return new Map(rows.map(({ rid, type, id }) => [nameOf(resourceTypeOfNumber(type) ?? '', id), rid]));
}

/**
 * Finds the rids of reference targets. A rid never changes once it is committed, so what a connection outside of any
 * transaction sees may be remembered; what only the writing transaction sees may not, since it can be rolled back.
 */
export class ReferenceTargets {
  readonly #committed = new Map<string, number>();
  readonly #sideConnection: Connection;

  constructor(sideConnection: Connection) {
    this.#sideConnection = sideConnection;
  }

  /** The rids of those of these names (`Patient/1`) that exist; the batch's own resources in `known`. */
  async resolve(
    connection: Connection,
    names: Iterable<string>,
    known: ReadonlyMap<string, number>,
  ): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    let missing: string[] = [];
    for (const name of new Set(names)) {
      const rid = known.get(name) ?? this.#committed.get(name);
      if (rid === undefined) missing.push(name);
      else found.set(name, rid);
    }
    if (missing.length === 0) return found;
    if (this.#committed.size > cacheLimit) this.#committed.clear();
    for (const [name, rid] of await lookUp(this.#sideConnection, missing)) {
      this.#committed.set(name, rid);
      found.set(name, rid);
    }
    missing = missing.filter((name) => !found.has(name));
    if (missing.length === 0 || connection === this.#sideConnection) return found;
    for (const [name, rid] of await lookUp(connection, missing)) found.set(name, rid);
    return found;
  }
}

export { splitName };
