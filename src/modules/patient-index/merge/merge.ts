import type { Actor } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { method, type Outcome } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { linkPair } from '../review/queries.ts';
import { shareGrants } from './grants/queries.ts';
import { supersede, unite } from './lineage.ts';
import type { Decision, MergeRecord } from './merge-record.ts';
import { entitiesOf, findMovable, inBatches, moveItems } from './move.ts';
import { type LockedPatient, lockPatients } from './patients.ts';
import { putDown, writeProvenance } from './put-down.ts';
import { insertMerge, selectMerge, selectMergeOfSource } from './queries.ts';

export type MergeDependencies = Pick<FhirContext, 'pool' | 'store' | 'trail' | 'now' | 'newId'>;

export interface MergeInput {
  /** Ids of Patients: the one that is superseded, and the one that survives. */
  readonly source: string;
  readonly target: string;
  readonly reason: string;
  /** What the survivor is to be; its own content with the identifiers of the source unless it is given. */
  readonly result?: JsonObject | undefined;
}

export interface Merged {
  readonly record: MergeRecord;
  /** The same merge was done before; nothing was changed now. */
  readonly isRepeated: boolean;
}

/**
 * Merges two Patients, all or nothing: whatever refers to the source refers to the survivor then, the source is inactive and
 * says by whom it was replaced, and what it took to do so is kept, so that it can be undone.
 * https://hl7.org/fhir/patient-operation-merge.html
 */
export const merge = (deps: MergeDependencies, actor: Actor, input: MergeInput): Promise<Merged> =>
  inTransaction(deps.pool, (transaction) => mergeIn(deps, transaction, actor, input));

/** The same as a part of the caller's transaction. */
export async function mergeIn(
  deps: MergeDependencies,
  transaction: Transaction,
  actor: Actor,
  input: MergeInput,
): Promise<Merged> {
  const { source, target } = await lockPatients(transaction, [input.source, input.target]);
  const before = await selectMergeOfSource(transaction, source.rid);
  if (before) return { record: requireSame(before, target), isRepeated: true };
  await refuseSuperseded(transaction, target);
  const record = await mergeLocked(deps, transaction, actor, source, target, input);
  await linkPair(transaction, record);
  return { record, isRepeated: false };
}

function requireSame(record: MergeRecord, target: LockedPatient): MergeRecord {
  if (record.target === target.rid) return record;
  throw new Failure(
    'conflict',
    `Patient/${record.sourceId} was merged into Patient/${record.targetId} already. Undo that first, or merge that one.`,
  );
}

async function refuseSuperseded(transaction: Transaction, target: LockedPatient): Promise<void> {
  const record = await selectMergeOfSource(transaction, target.rid);
  if (!record) return;
  throw new Failure(
    'conflict',
    `Patient/${target.id} was merged into Patient/${record.targetId}. Name that one as the survivor.`,
  );
}

async function mergeLocked(
  deps: MergeDependencies,
  transaction: Transaction,
  actor: Actor,
  source: LockedPatient,
  target: LockedPatient,
  input: MergeInput,
): Promise<MergeRecord> {
  const { store, trail, newId } = deps;
  const decision = decisionOf(actor, input.reason, deps.now());
  const survivor = survivorOf(source, target, input.result);
  const number = await insertMerge(transaction, {
    source: source.rid,
    target: target.rid,
    sourceId: source.id,
    targetId: target.id,
    sourceBefore: source.version,
    sourceAfter: source.version + 1,
    targetBefore: target.version,
    targetAfter: target.version + 1,
    merged: decision,
  });
  await shareGrants(transaction, number, { source: source.rid, target: target.rid });
  const writing = { trail, actor, at: decision.at };
  const patients = [target.id, source.id];
  const moving = { merge: number, from: source, to: target, isCarried: false };
  for (const batch of inBatches(await findMovable(transaction, source.rid, [source.rid, target.rid]))) {
    const items = await moveItems(store, transaction, moving, batch);
    await putDown(writing, transaction, '$merge', patients, entitiesOf(items));
  }
  const written = await writePatients(deps, transaction, [
    { id: target.id, resource: survivor },
    { id: source.id, resource: supersede(source.resource, target.id) },
  ]);
  await writeProvenance(store, transaction, 'merge', decision, newId(), written);
  await putDown(writing, transaction, '$merge', patients, written);
  const record = await selectMerge(transaction, number);
  if (!record) throw new Error('A merge was not kept');
  return record;
}

export const decisionOf = (actor: Actor, reason: string, nowMs: number): Decision => ({
  by: actor.reference,
  byName: actor.display,
  reason,
  at: nowMs * 1000,
});

export function writePatients(
  { store }: Pick<MergeDependencies, 'store'>,
  transaction: Transaction,
  patients: readonly { id: string; resource: JsonObject }[],
): Promise<Outcome[]> {
  const changes = patients.map(({ id, resource }) => ({ type: 'Patient', id, method: method.put, resource }));
  return store.write(transaction, changes, { references: 'accept' });
}

/** What the survivor becomes; what a clerk composed must still be it, and bear all identifiers of both. */
export function survivorOf(
  source: Pick<LockedPatient, 'id' | 'resource'>,
  target: Pick<LockedPatient, 'id' | 'resource'>,
  result: JsonObject | undefined,
): JsonObject {
  if (!result) return unite(target.resource, source.resource, source.id);
  if (result.resourceType !== 'Patient' || result.id !== target.id) {
    throw new Failure('invalid', `result-patient must be Patient/${target.id}, the survivor, as it is to become.`);
  }
  const security = isJsonObject(target.resource.meta) ? target.resource.meta.security : undefined;
  const meta = { ...(isJsonObject(result.meta) && result.meta), ...(security && { security }) };
  // What makes it the survivor is added where the clerk left it out.
  const composed = unite(result, target.resource, source.id);
  return unite({ ...composed, ...(Object.keys(meta).length > 0 && { meta }) }, source.resource, source.id);
}
