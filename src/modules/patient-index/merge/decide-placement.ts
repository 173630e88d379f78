import type { Actor } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { lockRows, parseLiteralReference } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { saveDecisions, selectMerge } from './queries.ts';

export interface PlacementDecision {
  /** `Observation/1` */
  readonly resource: string;
  readonly to: 'source' | 'survivor';
}

const mostAtOnce = 500;

/** Says to whom resources belong that no rule could place, before a merge is undone. A later word replaces an earlier one. */
export function decidePlacements(
  { pool, now }: Pick<FhirContext, 'pool' | 'now'>,
  actor: Actor,
  merge: number,
  decisions: readonly PlacementDecision[],
): Promise<void> {
  if (decisions.length > mostAtOnce) throw new Failure('too-costly', `Send at most ${mostAtOnce} decisions at once.`);
  const named = decisions.map(({ resource, to }) => {
    const target = parseLiteralReference(resource);
    if (!target) throw new Failure('value', 'Name each resource by type and id, such as Observation/1.');
    return { ...target, to };
  });
  return inTransaction(pool, async (transaction) => {
    const record = await selectMerge(transaction, merge);
    if (!record) throw new Failure('not-found', `There is no merge ${merge}.`);
    if (record.unmerged) throw new Failure('conflict', `Merge ${merge} was undone already.`);
    const rows = await lockRows(transaction, named);
    const saved = named.map(({ type, id, to }) => {
      const row = rows.find((one) => one.id === id && one.content?.startsWith(`{"resourceType":"${type}"`));
      if (!row) throw new Failure('not-found', `There is no ${type}/${id}.`);
      return { rid: row.rid, toSource: to === 'source' };
    });
    await saveDecisions(transaction, merge, saved, { by: actor.reference, at: now() * 1000 });
  });
}
