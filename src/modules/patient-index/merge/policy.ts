import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import type { MergeRecord } from './merge-record.ts';

/** Who keeps the index of patients: they look at duplicates, decide, merge and unmerge. */
const keepers: ReadonlySet<string> = new Set(['index-clerk', 'operator']);

/** Fails with `forbidden` for everybody else. */
export function requireKeeper({ actor }: Access): void {
  if (keepers.has(actor.role)) return;
  throw new Failure('forbidden', `As ${actor.role} you may not do this: the patient index is kept by index clerks.`);
}

/** Nobody decides about their own record. */
export function refuseOwnRecord({ actor }: Access, { sourceId, targetId }: Pick<MergeRecord, 'sourceId' | 'targetId'>) {
  if (![sourceId, targetId].some((id) => actor.reference === `Patient/${id}`)) return;
  throw new Failure('forbidden', 'One of these records is your own. Ask another clerk.');
}
