import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Pool } from '#lib/postgres/pool.ts';
import { propertyNames } from './concept.ts';
import { forgetOutdated } from './forget-concepts.ts';
import { flattenConcepts } from './hierarchy.ts';
import {
  type ConceptSetRow,
  insertConceptSet,
  lockConceptSets,
  publishConceptSet,
  selectConceptSets,
} from './queries.ts';
import { writeConcepts } from './write-concepts.ts';

/**
 * Moves the concepts of a stored CodeSystem to the table, once for all processes; whoever asks meanwhile waits for the one
 * that does it.
 */
export async function extractConcepts(
  pool: Pool,
  rid: number,
  resourceVersion: number,
  resource: JsonObject,
): Promise<ConceptSetRow> {
  const set = await inTransaction(pool, async (transaction) => {
    await lockConceptSets(transaction, rid);
    const sets = await selectConceptSets(transaction, rid);
    const known = sets.find((set) => set.resourceVersion === resourceVersion);
    if (known) return known;
    const names = propertyNames(resource);
    const sources = flattenConcepts(resource, names);
    // On a connection of its own: the numbers are not held until the concepts are in.
    const set = await insertConceptSet(pool, { rid, resourceVersion, size: sources.length });
    await writeConcepts(transaction, set, sources, names);
    await publishConceptSet(transaction, set.conceptSet, rid);
    return set;
  });
  await forgetOutdated(pool, rid);
  return set;
}
