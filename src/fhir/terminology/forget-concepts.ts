import type { Pool } from '#lib/postgres/pool.ts';
import { type ConceptSetRow, deleteConceptSet, deleteConcepts, selectOutdatedSets } from './queries.ts';

const deletedAtOnce = 10_000;

/** Deletes a set that nobody needs, in pieces. */
export async function forgetConceptSet(
  pool: Pool,
  { conceptSet, firstNumber, size }: Pick<ConceptSetRow, 'conceptSet' | 'firstNumber' | 'size'>,
): Promise<void> {
  for (let first = firstNumber; first < firstNumber + size; first += deletedAtOnce) {
    await deleteConcepts(pool, first, Math.min(first + deletedAtOnce, firstNumber + size) - 1);
  }
  await deleteConceptSet(pool, conceptSet);
}

/** Deletes what a newer set of this CodeSystem has replaced, and what has been left behind. */
export async function forgetOutdated(pool: Pool, rid: number): Promise<void> {
  for (const outdated of await selectOutdatedSets(pool, rid)) await forgetConceptSet(pool, outdated);
}
