import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { resourceTypeNumber } from '../../definitions/index.ts';
import { method, type Store } from '../../store/index.ts';
import { propertyNames } from '../concept.ts';
import { textAt } from '../element.ts';
import { forgetConceptSet, forgetOutdated } from '../forget-concepts.ts';
import type { ConceptSource } from '../hierarchy.ts';
import { insertConceptSet, publishConceptSet, selectCanonicals, selectId } from '../queries.ts';
import { writeConcepts } from '../write-concepts.ts';

export interface LoadDependencies {
  readonly pool: Pool;
  readonly store: Store;
  readonly newId: () => string;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/**
 * Stores a CodeSystem whose concepts go to the table. Nobody sees any of it before all is written; then it replaces, at
 * once, what was there under the same url and version. An attempt that breaks off leaves what was there.
 */
export async function loadCodeSystem(
  deps: LoadDependencies,
  resource: JsonObject,
  sources: readonly ConceptSource[],
  onProgress: (written: number) => void,
): Promise<void> {
  const { pool } = deps;
  const set = await insertConceptSet(pool, { rid: 0, resourceVersion: undefined, size: sources.length });
  try {
    await writeConcepts(pool, set, sources, propertyNames(resource), onProgress);
  } catch (error) {
    await forgetConceptSet(pool, set).catch(() => {});
    throw error;
  }
  const rid = await inTransaction(pool, async (transaction) => {
    const found = await storeCanonical(deps, transaction, {
      ...resource,
      // A new date makes it a new version: other processes see that the concepts are new.
      date: new Date(deps.now()).toISOString(),
      count: sources.length,
    });
    await publishConceptSet(transaction, set.conceptSet, found);
    return found;
  });
  await forgetOutdated(pool, rid);
}

/** Creates the resource, or a new version of that with the same url and version; returns its rid. */
export async function storeCanonical(
  { store, newId }: LoadDependencies,
  transaction: Transaction,
  resource: JsonObject,
): Promise<number> {
  const type = textAt(resource, 'resourceType') ?? '';
  const [url, version] = [textAt(resource, 'url'), textAt(resource, 'version')];
  if (url === undefined) throw new Failure('required', `A ${type} needs a url by which it is found.`);
  const find = async () => {
    const stored = await selectCanonicals(transaction, resourceTypeNumber(type), url);
    return stored.find((row) => row.version === version)?.rid;
  };
  const known = await find();
  const id = (known === undefined ? undefined : await selectId(transaction, known)) ?? newId();
  const change = { type, id, method: method.put, resource: { ...resource, id }, isNew: known === undefined };
  await store.write(transaction, [change]);
  const rid = await find();
  if (rid === undefined) throw new Error(`${type} ${url} was stored and is not in the catalogue`);
  return rid;
}
