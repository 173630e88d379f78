import { inTransaction, type Pool } from '#lib/postgres/pool.ts';
import { describe, readEdition } from './edition.ts';
import {
  deleteSource,
  insertSuccessors,
  lockEdition,
  saveDigest,
  selectDigest,
  selectKnownCodes,
  upsertDivisions,
} from './queries.ts';

const source = 'edition';

/**
 * Brings in the tables of codes of this release, unless they are in: at the first start, and after an update that has newer
 * ones. Of several processes one does it, and a killed one has done nothing. Returns how many rows came in.
 */
export async function loadDivisions(pool: Pool): Promise<number> {
  const edition = readEdition();
  if ((await selectDigest(pool, source)) === edition.digest) return 0;
  return inTransaction(pool, async (transaction) => {
    await lockEdition(transaction);
    if ((await selectDigest(transaction, source)) === edition.digest) return 0;
    const { divisions, successors } = edition.rows();
    await deleteSource(transaction, source);
    const count = await upsertDivisions(transaction, source, divisions);
    await insertSuccessors(transaction, source, successors);
    await saveDigest(transaction, source, edition.digest);
    return count;
  });
}

/** Adds places that no edition knows, such as the villages of the demonstration region; those that are there stay. */
export async function addDivisions(
  pool: Pool,
  from: string,
  places: readonly { code: string; name: string; parent: string }[],
): Promise<number> {
  return inTransaction(pool, async (transaction) => {
    await lockEdition(transaction);
    const known = new Set(
      await selectKnownCodes(
        transaction,
        places.map(({ code }) => code),
      ),
    );
    const fresh = places.filter(({ code }) => !known.has(code)).map(describe);
    return fresh.length === 0 ? 0 : upsertDivisions(transaction, from, fresh);
  });
}
