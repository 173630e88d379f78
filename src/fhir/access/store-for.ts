import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import { resourceTypeOfNumber } from '../definitions/index.ts';
import type { Search } from '../search/index.ts';
import { type Connection, method, type Store, type StoredRow } from '../store/index.ts';
import { type Access, type AccessVerb, isNone, refusal, restrictionOf } from './access.ts';
import { patientsOf } from './patients-of.ts';

/**
 * The store as one actor has it: what they may not read is refused, wherever it is read, and what they write bears their name
 * and is held to their rights.
 */
export function storeFor(store: Store, search: Pick<Search, 'readable'>, access: Access): Store {
  const write: Pick<Store, 'write' | 'commit'> = {
    write: (connection, changes, options) =>
      store.write(
        connection,
        changes.map((change) => ({ access, ...change })),
        options,
      ),
    commit: (changes) => store.commit(changes.map((change) => ({ access, ...change }))),
  };
  if (access.isFull) return { ...store, ...write };
  const restriction = restrictionOf(access, 'read');
  const isWhole = (type: string): boolean => access.conditionOf('read', type) === undefined;
  const requireWhole = (type: string): void => {
    if (access.conditionOf('search', type) !== undefined) {
      throw new Failure(
        'forbidden',
        `As ${access.actor.role} you may not see all of ${type}: ask for the history of one resource.`,
      );
    }
  };
  const read: Store['read'] = async (connection, type, id) => {
    const condition = access.conditionOf('read', type);
    if (isNone(condition)) throw refusal(access.actor, 'read', type);
    const row = await store.read(connection, type, id);
    if (!row || condition === undefined) return row;
    // A deleted resource has left the index by which it could be decided whose it was.
    if (row.method === method.delete || row.method === method.placeholder) return undefined;
    const readable = await search.readable(connection, restriction, [{ rid: row.rid, type }]);
    if (!readable.has(row.rid)) throw refusal(access.actor, 'read', `${type}/${id}`);
    return row;
  };
  const versionsOf = async (connection: Connection, type: string, id: string) => {
    const current = await read(connection, type, id);
    return (version: StoredRow) => isWhole(type) || (current !== undefined && isAsOpen(version, current));
  };
  return {
    ...store,
    ...write,
    read,
    vread: async (connection, type, id, version) => {
      const isOpen = await versionsOf(connection, type, id);
      const row = await store.vread(connection, type, id, version);
      if (row && !isOpen(row)) throw refusal(access.actor, 'read', `${type}/${id}/_history/${version}`);
      return row;
    },
    findAbsent: (connection, names) =>
      store.findAbsent(connection, new Set([...names].filter((name) => isWhole(name.slice(0, name.indexOf('/')))))),
    history: {
      ...store.history,
      ofResource: async (connection, type, id, request) => {
        const isOpen = await versionsOf(connection, type, id);
        const page = await store.history.ofResource(connection, type, id, request);
        return { ...page, rows: page.rows.filter(isOpen) };
      },
      ofResources: async (connection, resources, request) => {
        for (const { type } of resources) requireWhole(type);
        return store.history.ofResources(connection, resources, request);
      },
      ofType: async (connection, type, request) => {
        requireWhole(type);
        return store.history.ofType(connection, type, request);
      },
      ofSystem: async () => {
        throw refusal(access.actor, 'read', 'the history of the whole system');
      },
    },
  };
}

/** Fails with `forbidden` unless the actor may do this with that one resource. */
export async function requireRow(
  { access, search }: { access: Access; search: Pick<Search, 'readable'> },
  connection: Connection,
  verb: AccessVerb,
  { rid, type, id }: { rid: number; type: string; id: string },
): Promise<void> {
  if (access.isFull) return;
  const allowed = await search.readable(connection, (name) => access.conditionOf(verb, name), [{ rid, type }]);
  if (!allowed.has(rid)) throw refusal(access.actor, verb, `${type}/${id}`);
}

/** An earlier version may have been of another patient, or have borne a label that was taken away since. */
function isAsOpen(version: StoredRow, current: StoredRow): boolean {
  if (version.version === current.version || version.content === null || current.content === null) return true;
  const own = factsOf(current.type, current.id, current.content);
  return [...factsOf(version.type, version.id, version.content)].every((fact) => own.has(fact));
}

function factsOf(type: number, id: string, content: string): Set<string> {
  const patients = patientsOf([{ type: resourceTypeOfNumber(type) ?? '', id, content }]);
  const { meta } = parseJson(content) as JsonObject;
  const labels = isJsonObject(meta) && Array.isArray(meta.security) ? meta.security : [];
  const codes = labels.flatMap((label) => (isJsonObject(label) ? `${label.system}|${label.code}` : []));
  return new Set([...patients, ...codes]);
}
