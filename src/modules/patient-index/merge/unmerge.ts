import type { Actor } from '#fhir/access/index.ts';
import { selectVersions } from '#fhir/changes/index.ts';
import { type Change, lockRows, method, type Outcome, type Store } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { partPair } from '../review/queries.ts';
import { returnGrants } from './grants/queries.ts';
import { separate } from './lineage.ts';
import { decisionOf, type MergeDependencies, writePatients } from './merge.ts';
import type { MergeRecord } from './merge-record.ts';
import { inBatches, writeMoved } from './move.ts';
import { type LockedPatient, lockPatients } from './patients.ts';
import { putDown, type TrailWriting, writeProvenance } from './put-down.ts';
import { endMerge, selectMerge, selectMergeOfSource } from './queries.ts';
import { redirect } from './redirect.ts';
import { planUnmerge, type Return, type UnmergePlan } from './unmerge-plan.ts';

export interface Unmerged {
  readonly record: MergeRecord;
  /** It was undone before; nothing was changed now. */
  readonly isRepeated: boolean;
}

/** What an unmerge would do, and which resources a clerk must place first. Changes nothing. */
export function previewUnmerge({ pool }: Pick<MergeDependencies, 'pool'>, merge: number): Promise<UnmergePlan> {
  return inTransaction(pool, async (transaction) => {
    const { record, patients } = await openMerge(transaction, merge);
    if (!patients) throw new Failure('conflict', `Merge ${record.merge} was undone already.`);
    return planUnmerge(transaction, record, patients.former);
  });
}

/**
 * Undoes a merge, all or nothing: what nobody changed since is byte for byte what it was; what was changed or written since
 * goes where rules or a clerk place it. Fails with `business-rule` while something is not placed.
 */
export function unmerge(
  deps: MergeDependencies,
  actor: Actor,
  { merge, reason }: { merge: number; reason: string },
): Promise<Unmerged> {
  return inTransaction(deps.pool, async (transaction) => {
    const { record, patients } = await openMerge(transaction, merge);
    if (!patients) return { record, isRepeated: true };
    const plan = await planUnmerge(transaction, record, patients.former);
    refuseUndecided(plan);
    await carryBack(deps, transaction, actor, { record, patients, plan, reason });
    const ended = await selectMerge(transaction, merge);
    if (!ended) throw new Error('A merge was not kept');
    return { record: ended, isRepeated: false };
  });
}

interface Opened {
  readonly source: LockedPatient;
  readonly target: LockedPatient;
  /** Both as they were before the merge. */
  readonly former: { readonly source: JsonObject; readonly survivor: JsonObject };
}

/** A merge with its Patients, locked; without these when it was undone. Fails where a later one must be undone first. */
async function openMerge(
  transaction: Transaction,
  merge: number,
): Promise<{ record: MergeRecord; patients: Opened | undefined }> {
  const known = await selectMerge(transaction, merge);
  if (!known) throw new Failure('not-found', `There is no merge ${merge}.`);
  const { source, target } = await lockPatients(transaction, [known.sourceId, known.targetId]);
  const record = (await selectMerge(transaction, merge)) ?? known;
  if (record.unmerged) return { record, patients: undefined };
  const later = await selectMergeOfSource(transaction, target.rid);
  if (later) {
    throw new Failure(
      'conflict',
      `Patient/${record.targetId} was itself merged into Patient/${later.targetId}: undo merge ${later.merge} first.`,
    );
  }
  return { record, patients: { source, target, former: await readFormer(transaction, record) } };
}

async function readFormer(transaction: Transaction, record: MergeRecord): Promise<Opened['former']> {
  const { source, target, sourceBefore, targetBefore } = record;
  const rows = await selectVersions(transaction, [source, target], [sourceBefore, targetBefore]);
  const contentOf = (rid: number): JsonObject => {
    const content = rows.find((row) => row.rid === rid)?.content;
    if (content) return parseJson(content) as JsonObject;
    throw new Failure(
      'business-rule',
      'The Patients as they were before the merge were expunged: it cannot be undone.',
    );
  };
  return { source: contentOf(source), survivor: contentOf(target) };
}

function refuseUndecided({ items, since }: UnmergePlan): void {
  const undecided = [...items, ...since].filter(({ fate }) => fate === 'undecided');
  if (undecided.length === 0) return;
  const named = undecided.slice(0, 5).map(({ type, id }) => `${type}/${id}`);
  throw new Failure(
    'business-rule',
    `${undecided.length} resources that were changed or written since the merge may belong to either: say to whom, then undo it. ${named.join(', ')}${undecided.length > 5 ? ' ...' : ''}`,
  );
}

interface CarryingBack {
  readonly record: MergeRecord;
  readonly patients: Opened;
  readonly plan: UnmergePlan;
  readonly reason: string;
}

async function carryBack(
  deps: MergeDependencies,
  transaction: Transaction,
  actor: Actor,
  { record, patients, plan, reason }: CarryingBack,
): Promise<void> {
  const { store, trail, now, newId } = deps;
  const decision = decisionOf(actor, reason, now());
  const writing = { trail, actor, at: decision.at };
  await restoreItems(store, transaction, writing, record, plan);
  const moved = plan.since.filter(({ fate }) => fate === 'moved');
  await redirectBack(store, transaction, writing, record, moved, () => undefined);
  const { source, target, former } = patients;
  const isUntouched = target.version === record.targetAfter;
  const survivor = isUntouched
    ? former.survivor
    : separate(target.resource, former.survivor, former.source, record.sourceId);
  const written = await writePatients(deps, transaction, [
    { id: target.id, resource: survivor },
    { id: source.id, resource: former.source },
  ]);
  await returnGrants(transaction, record.merge, record);
  await endMerge(transaction, record.merge, decision);
  await partPair(transaction, record, decision);
  await writeProvenance(store, transaction, 'unmerge', decision, newId(), written);
  await putDown(writing, transaction, '$unmerge', [target.id, source.id], written);
}

async function restoreItems(
  store: Store,
  transaction: Transaction,
  writing: TrailWriting,
  record: MergeRecord,
  { items }: UnmergePlan,
): Promise<void> {
  const restored = items.filter(({ fate }) => fate === 'restored').map(({ item }) => item);
  for (const batch of inBatches(restored)) {
    const rids = batch.map(({ rid }) => rid);
    const before = batch.map((item) => item.before);
    const contents = new Map((await selectVersions(transaction, rids, before)).map((row) => [row.rid, row.content]));
    const changes = batch.map(({ rid, type, id, after }): Change => {
      const resource = parseJson(contents.get(rid) ?? '') as JsonObject;
      return { type, id, method: method.put, resource, expectedVersion: after };
    });
    await note(writing, transaction, record, await writeMoved(store, transaction, changes));
  }
  const paths = new Map(items.map(({ rid, item }) => [rid, new Set(item.paths)]));
  const returned = items.filter(({ fate }) => fate === 'returned');
  await redirectBack(store, transaction, writing, record, returned, (rid) => paths.get(rid));
  const decided = items.filter(({ fate }) => fate === 'moved');
  await redirectBack(store, transaction, writing, record, decided, () => undefined);
}

async function redirectBack(
  store: Store,
  transaction: Transaction,
  writing: TrailWriting,
  record: MergeRecord,
  resources: readonly Return[],
  pathsOf: (rid: number) => ReadonlySet<string> | undefined,
): Promise<void> {
  const named = new Map(resources.map((one) => [one.rid, one]));
  for (const batch of inBatches(resources)) {
    const changes: Change[] = [];
    for (const { rid, content } of await lockRows(transaction, batch)) {
      const { type, id } = named.get(rid) ?? { type: '', id: '' };
      if (content === null) continue;
      const resource = parseJson(content) as JsonObject;
      redirect(resource, record.targetId, record.sourceId, pathsOf(rid));
      changes.push({ type, id, method: method.put, resource });
    }
    await note(writing, transaction, record, await writeMoved(store, transaction, changes));
  }
}

const note = (
  writing: TrailWriting,
  transaction: Transaction,
  { targetId, sourceId }: MergeRecord,
  outcomes: readonly Outcome[],
) => putDown(writing, transaction, '$unmerge', [targetId, sourceId], outcomes);
