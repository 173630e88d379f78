import type { Actor, Trail } from '#fhir/access/index.ts';
import { selectVersions } from '#fhir/changes/index.ts';
import { type Change, findNames, findTargets, lockRows, method, type Store, typeOfRid } from '#fhir/store/index.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { supersede, unite } from './lineage.ts';
import type { MergeRecord } from './merge-record.ts';
import { entitiesOf, findMovable, inBatches, moveItems, type Named } from './move.ts';
import { putDown } from './put-down.ts';
import { selectMerges, selectMergesOfBoth, selectMergesOfSources } from './queries.ts';
import { unmovedTypes } from './redirect.ts';

export interface CarryDependencies {
  readonly store: Store;
  readonly trail: Trail;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Who carries: nobody asked for it. */
const index: Actor = { reference: 'operator', display: 'Patient index', role: 'system', purpose: 'HOPERAT' };

/**
 * What was written to a superseded Patient, by clients that do not know it yet or while the merge was under way, goes on to
 * the survivor. One step of a chain at a time: what this writes is a change again.
 */
export async function carryWritten(
  deps: CarryDependencies,
  transaction: Transaction,
  rids: readonly number[],
): Promise<void> {
  const movable = rids.filter((rid) => !unmovedTypes.has(typeOfRid(rid) ?? ''));
  const targets = await findTargets(transaction, movable, 'Patient');
  const merges = await selectMergesOfSources(transaction, [...new Set(targets.map(({ target }) => target))]);
  for (const record of merges) {
    const referring = targets.filter(({ rid, target }) => target === record.source && rid !== record.target);
    const names = await findNames(
      transaction,
      referring.map(({ rid }) => rid),
    );
    for (const batch of inBatches(names)) await carryBatch(deps, transaction, record, batch);
  }
}

/** Looks at all superseded Patients: for when it is not known what was written. */
export async function carryAll(deps: CarryDependencies, transaction: Transaction): Promise<void> {
  for (let last = Number.MAX_SAFE_INTEGER; ; ) {
    const records = await selectMerges(transaction, { patient: undefined, before: last, limit: 200 });
    for (const record of records) {
      if (record.unmerged) continue;
      const movable = await findMovable(transaction, record.source, [record.source, record.target]);
      for (const batch of inBatches(movable)) await carryBatch(deps, transaction, record, batch);
    }
    const oldest = records.at(-1);
    if (!oldest) return;
    last = oldest.merge;
  }
}

async function carryBatch(
  { store, trail, now }: CarryDependencies,
  transaction: Transaction,
  record: MergeRecord,
  batch: readonly Named[],
): Promise<void> {
  const { merge, sourceId, targetId } = record;
  const from = { rid: record.source, id: sourceId };
  const to = { rid: record.target, id: targetId };
  const items = await moveItems(store, transaction, { merge, from, to, isCarried: true }, batch);
  const writing = { trail, actor: index, at: now() * 1000 };
  await putDown(writing, transaction, 'patient-index.carried', [targetId, sourceId], entitiesOf(items));
}

/** A superseded Patient stays superseded, and a survivor bears what it took over, whatever is written over them. */
export async function mendPatients(
  { store }: CarryDependencies,
  transaction: Transaction,
  patients: readonly number[],
): Promise<void> {
  for (const record of await selectMergesOfBoth(transaction, patients)) {
    const changes = (await mendedOf(transaction, record)).map(
      ({ id, resource }): Change => ({ type: 'Patient', id, method: method.put, resource }),
    );
    if (changes.length > 0) await store.write(transaction, changes, { references: 'accept' });
  }
}

async function mendedOf(
  transaction: Transaction,
  record: MergeRecord,
): Promise<{ id: string; resource: JsonObject }[]> {
  const { sourceId, targetId, source: rid, sourceBefore } = record;
  const both = [sourceId, targetId].map((id) => ({ type: 'Patient', id }));
  const rows = new Map((await lockRows(transaction, both)).map((row) => [row.id, row.content]));
  const [former] = await selectVersions(transaction, [rid], [sourceBefore]);
  const [source, target] = [rows.get(sourceId), rows.get(targetId)];
  if (!source || !target || !former?.content) return [];
  const written = parse(source);
  const survivor = parse(target);
  const mended: { id: string; resource: JsonObject }[] = [];
  const isSuperseded = written.active === false && hasLink(written, targetId, 'replaced-by');
  if (!isSuperseded) mended.push({ id: sourceId, resource: supersede(written, targetId) });
  // What was written to the superseded one under a new identifier is looked up by it.
  const added = isSuperseded ? survivor : unite(survivor, written, sourceId);
  if (isSuperseded && hasLink(survivor, sourceId, 'replaces')) return mended;
  return [...mended, { id: targetId, resource: unite(added, parse(former.content), sourceId) }];
}

const parse = (content: string): JsonObject => parseJson(content) as JsonObject;

const hasLink = ({ link }: JsonObject, id: string, type: string): boolean =>
  (Array.isArray(link) ? link : []).some(
    (one) =>
      isJsonObject(one) && one.type === type && isJsonObject(one.other) && one.other.reference === `Patient/${id}`,
  );
