import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { type MergeInput, survivorOf } from './merge.ts';
import { findMovable } from './move.ts';
import { lockPatients } from './patients.ts';
import { selectMergeOfSource } from './queries.ts';

export interface MergePreview {
  /** What the survivor would become. */
  readonly survivor: JsonObject;
  /** How many resources of each type would be moved, in the order of their names. */
  readonly moves: Readonly<Record<string, number>>;
}

/** What a merge would do; changes nothing. */
export function previewMerge(
  { pool }: Pick<FhirContext, 'pool'>,
  input: Omit<MergeInput, 'reason'>,
): Promise<MergePreview> {
  return inTransaction(pool, async (transaction) => {
    const { source, target } = await lockPatients(transaction, [input.source, input.target]);
    for (const { rid, id } of [source, target]) {
      const merged = await selectMergeOfSource(transaction, rid);
      if (merged) throw new Failure('conflict', `Patient/${id} was merged into Patient/${merged.targetId} already.`);
    }
    const movable = await findMovable(transaction, source.rid, [source.rid, target.rid]);
    return { survivor: survivorOf(source, target, input.result), moves: countByType(movable) };
  });
}

export function countByType(resources: readonly { readonly type: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const type of resources.map((resource) => resource.type).sort()) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
