import { selectVersions } from '#fhir/changes/index.ts';
import { findTargets, lockRows, nameOf, type StoredRow, selectFirstWritten } from '#fhir/store/index.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import type { MergeItem, MergeRecord } from './merge-record.ts';
import { atATime, findMovable, inBatches, type Named } from './move.ts';
import { identifiersOf, type Placement, placeResource, type Sides } from './partition.ts';
import { selectDecisions, selectItems } from './queries.ts';
import { pathsTo } from './redirect.ts';

/** What becomes of a resource when a merge is undone. */
export interface Return extends Named {
  /**
   * `restored` to what it was; `returned` at the places where it referred to the source, with what was changed since;
   * `moved` to the source, though it was written since; `stays` with the survivor; `gone`: deleted since; `undecided`.
   */
  readonly fate: 'restored' | 'returned' | 'moved' | 'stays' | 'gone' | 'undecided';
  /** By what that is known. */
  readonly by: 'version' | 'place' | 'clerk' | Placement['by'];
}

export interface UnmergePlan {
  readonly items: readonly (Return & { readonly item: MergeItem })[];
  /** Written since the merge, and not part of it. */
  readonly since: readonly Return[];
}

/** Looks at everything of the survivor, locked, a few hundred at a time; content is not kept. */
export async function planUnmerge(
  transaction: Transaction,
  record: MergeRecord,
  patients: { readonly source: JsonObject; readonly survivor: JsonObject },
): Promise<UnmergePlan> {
  const decisions = await selectDecisions(transaction, record.merge);
  const items: (Return & { item: MergeItem })[] = [];
  for await (const batch of itemsOf(transaction, record.merge)) {
    for (const item of await planItems(transaction, record, batch, decisions)) items.push(item);
  }
  return { items, since: await planSince(transaction, record, items, patients, decisions) };
}

async function* itemsOf(transaction: Transaction, merge: number): AsyncGenerator<MergeItem[]> {
  for (let after = 0; ; ) {
    const batch = await selectItems(transaction, merge, after, atATime);
    if (batch.length > 0) yield batch;
    if (batch.length < atATime) return;
    after = batch.at(-1)?.rid ?? 0;
  }
}

type Decisions = ReadonlyMap<number, boolean>;

async function planItems(
  transaction: Transaction,
  record: MergeRecord,
  batch: readonly MergeItem[],
  decisions: Decisions,
): Promise<(Return & { item: MergeItem })[]> {
  const rows = new Map((await lockRows(transaction, batch)).map((row) => [row.rid, row]));
  const kept = await keptVersions(transaction, batch);
  return batch.map((item) => {
    const { rid, type, id } = item;
    return { item, rid, type, id, ...fateOf(item, rows.get(rid), record, kept.has(rid), decisions.get(rid)) };
  });
}

/** An expunge may have taken the former version. */
async function keptVersions(transaction: Transaction, batch: readonly MergeItem[]): Promise<Set<number>> {
  const rids = batch.map(({ rid }) => rid);
  const versions = batch.map(({ before }) => before);
  return new Set((await selectVersions(transaction, rids, versions)).map(({ rid }) => rid));
}

function fateOf(
  item: MergeItem,
  row: StoredRow | undefined,
  { targetId }: MergeRecord,
  isKept: boolean,
  decision: boolean | undefined,
): Pick<Return, 'fate' | 'by'> {
  if (!row || row.content === null) return { fate: 'gone', by: 'version' };
  if (row.version === item.after && isKept) return { fate: 'restored', by: 'version' };
  const now = new Set(pathsTo(parseJson(row.content) as JsonObject, targetId));
  if (now.size === 0) return { fate: 'stays', by: 'place' };
  if (item.paths.every((path) => now.has(path))) return { fate: 'returned', by: 'place' };
  if (decision === undefined) return { fate: 'undecided', by: 'nothing' };
  return { fate: decision ? 'moved' : 'stays', by: 'clerk' };
}

/** What refers to the survivor, was written after the merge, and was never the source's. */
async function planSince(
  transaction: Transaction,
  record: MergeRecord,
  items: UnmergePlan['items'],
  patients: { readonly source: JsonObject; readonly survivor: JsonObject },
  decisions: Decisions,
): Promise<Return[]> {
  const moved = new Set(items.map(({ rid }) => rid));
  const others = (await findMovable(transaction, record.target, [record.source, record.target])).filter(
    ({ rid }) => !moved.has(rid),
  );
  const isSince = new Set<number>();
  for (const batch of inBatches(others)) {
    for (const { rid, written } of await selectFirstWritten(
      transaction,
      batch.map(({ rid }) => rid),
    )) {
      if (written >= record.merged.at) isSince.add(rid);
    }
  }
  const since = others.filter(({ rid }) => isSince.has(rid));
  if (since.length === 0) return [];
  const own = others.filter(({ rid }) => !isSince.has(rid));
  const sides = await sidesOf(transaction, items, own, patients);
  return placeAll(transaction, since, record.targetId, sides, decisions);
}

async function sidesOf(
  transaction: Transaction,
  items: readonly Named[],
  own: readonly Named[],
  patients: { readonly source: JsonObject; readonly survivor: JsonObject },
) {
  return {
    sourceIdentifiers: identifiersOf(patients.source),
    survivorIdentifiers: identifiersOf(patients.survivor),
    ofSource: new Set(items.map(({ type, id }) => nameOf(type, id))),
    ofSurvivor: new Set(own.map(({ type, id }) => nameOf(type, id))),
    sourceOrganizations: await organizationsOf(transaction, items),
    survivorOrganizations: await organizationsOf(transaction, own),
  };
}

async function organizationsOf(transaction: Transaction, resources: readonly Named[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const batch of inBatches(resources)) {
    const rids = batch.map(({ rid }) => rid);
    for (const { targetId } of await findTargets(transaction, rids, 'Organization')) {
      found.add(nameOf('Organization', targetId));
    }
  }
  return found;
}

/** What was placed places what refers to it: again, until nothing more is known. */
async function placeAll(
  transaction: Transaction,
  since: readonly Named[],
  survivor: string,
  sides: Sides & { ofSource: Set<string>; ofSurvivor: Set<string> },
  decisions: Decisions,
): Promise<Return[]> {
  const placed = new Map<number, Return>();
  let isMore = true;
  while (isMore) {
    isMore = false;
    for (const batch of inBatches(since.filter(({ rid }) => !placed.has(rid)))) {
      for (const row of await lockRows(transaction, batch)) {
        const named = batch.find(({ rid }) => rid === row.rid);
        if (!named || row.content === null) continue;
        const { side, by } = placementOf(parseJson(row.content) as JsonObject, survivor, sides, decisions.get(row.rid));
        if (side === 'undecided') continue;
        placed.set(row.rid, { ...named, fate: side === 'source' ? 'moved' : 'stays', by });
        (side === 'source' ? sides.ofSource : sides.ofSurvivor).add(nameOf(named.type, named.id));
        isMore = true;
      }
    }
  }
  return since.map((named) => placed.get(named.rid) ?? { ...named, fate: 'undecided', by: 'nothing' });
}

function placementOf(
  resource: JsonObject,
  survivor: string,
  sides: Sides,
  decision: boolean | undefined,
): { side: Placement['side']; by: Return['by'] } {
  // It tells of another merge, or of a single version.
  if (pathsTo(resource, survivor).length === 0) return { side: 'survivor', by: 'place' };
  if (decision !== undefined) return { side: decision ? 'source' : 'survivor', by: 'clerk' };
  return placeResource(resource, sides);
}
