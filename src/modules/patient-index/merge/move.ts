import type { TrailEntity } from '#fhir/access/index.ts';
import { type Change, findReferrers, lockRows, method, type Outcome, type Store } from '#fhir/store/index.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import type { MergeItem } from './merge-record.ts';
import { insertItems } from './queries.ts';
import { redirect, unmovedTypes } from './redirect.ts';

/** So many resources are held in memory. */
export const atATime = 500;

/** A patient with more is no patient: a test account, or a wrong reference of a whole ward. */
const mostItems = 250_000;

export interface Named {
  readonly rid: number;
  readonly type: string;
  readonly id: string;
}

interface Moving {
  readonly merge: number;
  readonly from: { readonly rid: number; readonly id: string };
  readonly to: { readonly rid: number; readonly id: string };
  /** They were written to the source after the merge. */
  readonly isCarried: boolean;
}

/** What refers to a Patient and goes with it; not the Patients themselves, of which each is written for itself. */
export async function findMovable(
  transaction: Transaction,
  rid: number,
  except: readonly number[] = [],
): Promise<Named[]> {
  const referrers = await findReferrers(transaction, rid, mostItems);
  return referrers.filter(({ rid: other, type }) => !unmovedTypes.has(type) && !except.includes(other));
}

export function* inBatches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += atATime) yield items.slice(start, start + atATime);
}

/** Lets these resources refer to the survivor, and notes how each was and where. Returns what was written. */
export async function moveItems(
  store: Store,
  transaction: Transaction,
  { merge, from, to, isCarried }: Moving,
  batch: readonly Named[],
): Promise<MergeItem[]> {
  const changes: Change[] = [];
  const noted: Omit<MergeItem, 'after'>[] = [];
  const named = new Map(batch.map((one) => [one.rid, one]));
  for (const { rid, version, content } of await lockRows(transaction, batch)) {
    const { type, id } = named.get(rid) ?? { type: '', id: '' };
    if (content === null) continue;
    const resource = parseJson(content) as JsonObject;
    const paths = redirect(resource, from.id, to.id);
    if (paths.length === 0) continue;
    changes.push({ type, id, method: method.put, resource });
    noted.push({ rid, type, id, before: version, paths });
  }
  const outcomes = await writeMoved(store, transaction, changes);
  const items = noted.map((item, index): MergeItem => ({ ...item, after: outcomes[index]?.version ?? 0 }));
  if (items.length > 0) await insertItems(transaction, merge, items, isCarried);
  return items;
}

/** Whoever may merge may do all that it takes; what was done is put down by batches, not for each resource. */
export async function writeMoved(
  store: Store,
  transaction: Transaction,
  changes: readonly Change[],
): Promise<Outcome[]> {
  return changes.length > 0 ? store.write(transaction, changes, { references: 'accept' }) : [];
}

export const entitiesOf = (items: readonly MergeItem[]): TrailEntity[] =>
  items.map(({ type, id, after }) => ({ type, id, version: after }));
