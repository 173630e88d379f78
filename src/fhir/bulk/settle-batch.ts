import type { Transaction } from '#lib/postgres/pool.ts';
import { type Batch, firstMissing, sortOut } from './batch.ts';
import type { Answers, ReferenceFinder } from './find-references.ts';
import { isEvident, keyOfCondition } from './links.ts';
import type { Item, ResourceCheck } from './parse-item.ts';
import {
  type AliasRow,
  commitWithoutWaiting,
  deleteDeferred,
  saveAliases,
  saveDeferred,
  saveRejections,
} from './queries.ts';
import { rejectionOf, rejectionsOf, toDeferredRow, toRejectionRow } from './rows.ts';
import { addNames, type WriteDependencies, type Written, writeItems } from './write-items.ts';

export interface SettleDependencies extends WriteDependencies {
  finder: ReferenceFinder;
  check: ResourceCheck;
}

export interface SettleOptions {
  /** Resolves when everything that came before this batch in the input is written. */
  earlier: () => Promise<void>;
  /** What batches under way are about to write, by the key of a target. */
  underWay: (key: string) => Item | undefined;
  /** Saves in the transaction of the batch how far the import is. */
  saveProgress: (transaction: Transaction) => Promise<void>;
  /** A killed run may have put items by that are written now. */
  isContinued: boolean;
}

/** Writes a batch, and puts by what refers to something that has not come yet. */
export async function settleBatch(deps: SettleDependencies, batch: Batch, options: SettleOptions): Promise<void> {
  const answers: Answers = new Map();
  const head = documentsBefore(batch, await lookUp(deps, batch, answers, options));
  if (head.length > 0) {
    const written = await writeItems(deps, head, answers, saveTargets);
    note(deps, batch, written);
    for (const step of written) addNames(step, answers);
    await deps.finder.find(batch.missingKeys(answers), answers);
  }
  const { ready, waiting, hopeless } = sortOut(batch, batch.items.slice(head.length), answers);
  for (const { item, reason } of hopeless) batch.reject(rejectionOf(item, reason));
  const written = await writeItems(deps, ready, answers, async (transaction, done) => {
    await commitWithoutWaiting(transaction);
    await saveTargets(transaction, done);
    if (waiting.length > 0) {
      await saveDeferred(
        transaction,
        waiting.map(({ item }) => toDeferredRow(item)),
      );
    }
    const rejections = [...batch.rejections, ...rejectionsOf(done)];
    if (rejections.length > 0) await saveRejections(transaction, rejections.map(toRejectionRow));
    if (options.isContinued) {
      await deleteDeferred(
        transaction,
        ready.map(({ place }) => place.file.identity),
        ready.map(({ place }) => place.item),
      );
    }
    await options.saveProgress(transaction);
  });
  note(deps, batch, written);
}

/** Fills `answers` as far as anything is known; returns the first item that has to wait nevertheless. */
async function lookUp(
  { finder }: SettleDependencies,
  batch: Batch,
  answers: Answers,
  { earlier, underWay }: SettleOptions,
): Promise<Item | undefined> {
  const missing = batch.missingKeys(answers);
  if (missing.size === 0) return undefined;
  let mustWait = false;
  for (const key of missing) {
    const item = underWay(key);
    if (item?.condition !== undefined) mustWait = true;
    else if (item) addNames({ item, name: item.name }, answers);
  }
  if (mustWait) await earlier();
  await finder.find(batch.missingKeys(answers), answers);
  if (firstWaiting(batch, answers) === undefined) return undefined;
  await earlier();
  await finder.find(batch.missingKeys(answers), answers);
  return firstWaiting(batch, answers);
}

function firstWaiting(batch: Batch, answers: Answers): Item | undefined {
  const ready = new Set(batch.items);
  return batch.items.find((item) => firstMissing(item, batch, ready, answers) !== undefined);
}

/** The documents before that of an item: what it refers to may be among them, to be found once they are written. */
function documentsBefore({ items }: Batch, item: Item | undefined): Item[] {
  if (!item) return [];
  const { file, document } = item.place;
  return items.slice(
    0,
    items.findIndex(({ place }) => place.file === file && place.document === document),
  );
}

/** Remembers what fullUrls stand for, where later references could not tell from the UUID. */
export async function saveTargets(transaction: Transaction, written: readonly Written[]): Promise<void> {
  const aliases: AliasRow[] = [];
  for (const { item, name } of written) {
    const { fullUrl, key } = item;
    if (fullUrl === undefined || key === undefined || name === undefined) continue;
    const [type = '', id = ''] = name.split('/');
    if (!isEvident(fullUrl, { type, id })) aliases.push({ key, type, id });
  }
  if (aliases.length > 0) await saveAliases(transaction, aliases);
}

/** Counts what became of the items, and remembers which resources met their conditions. */
export function note({ finder }: SettleDependencies, batch: Batch, written: readonly Written[]): void {
  for (const { item, fate, name } of written) {
    batch.tallyOf(item.place.file).add(item.type, fate);
    if (item.condition !== undefined && name !== undefined) {
      finder.remember(keyOfCondition(item.type, item.condition), { name });
    }
  }
}
