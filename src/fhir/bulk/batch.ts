import type { Answers } from './find-references.ts';
import type { InputFile } from './input/find-inputs.ts';
import { keyOfCondition, type Target } from './links.ts';
import type { Item } from './parse-item.ts';
import type { Rejection } from './place.ts';
import { Tally } from './tally.ts';

/** How much of a file is settled once a batch is: so many items from its start. */
export interface Reach {
  position: number;
  isComplete: boolean;
}

/** What is written in one transaction. */
export class Batch {
  readonly items: Item[] = [];
  readonly rejections: Rejection[] = [];
  readonly names = new Set<string>();
  readonly reached = new Map<InputFile, Reach>();
  readonly tallies = new Map<InputFile, Tally>();
  byteLength = 0;
  /** Items by the key of their fullUrl or condition. */
  readonly #targets = new Map<string, Item>();

  add(item: Item): void {
    this.items.push(item);
    this.byteLength += item.bytes.length;
    if (item.id !== '') this.names.add(item.name);
    if (item.key !== undefined) this.#targets.set(item.key, item);
    if (item.condition !== undefined) this.#targets.set(keyOfCondition(item.type, item.condition), item);
  }

  /** Whether an item writes the same resource as this one. */
  has(item: Item): boolean {
    return this.names.has(item.name);
  }

  /** The item that a reference with this key means. */
  target(key: string): Item | undefined {
    return this.#targets.get(key);
  }

  /** Keys of targets that neither the batch itself nor `answers` know. */
  missingKeys(answers: Answers): Set<string> {
    const keys = new Set<string>();
    for (const { targets } of this.items) {
      for (const { key } of targets) if (!this.#targets.has(key) && !answers.has(key)) keys.add(key);
    }
    return keys;
  }

  reject(rejection: Rejection): void {
    this.rejections.push(rejection);
    this.tallyOf(rejection.place.file).add(rejection.type ?? '', rejection.outcome);
  }

  tallyOf(file: InputFile): Tally {
    const tally = this.tallies.get(file) ?? new Tally();
    this.tallies.set(file, tally);
    return tally;
  }
}

/** The target for which an item has to wait, if nothing but `ready` items of its batch and `answers` can be its target. */
export function firstMissing(item: Item, batch: Batch, ready: Set<Item>, answers: Answers): Target | undefined {
  return item.targets.find(({ key, mustBeResolved }) => {
    if (!mustBeResolved || answers.has(key)) return false;
    const target = batch.target(key);
    return target === undefined || !ready.has(target);
  });
}

export interface Sorted {
  ready: Item[];
  waiting: { item: Item; target: Target }[];
  hopeless: { item: Item; reason: string }[];
}

/** Tells the items that can be written now from those that wait for others and those that never can be. */
export function sortOut(batch: Batch, items: readonly Item[], answers: Answers): Sorted {
  const sorted: Sorted = { ready: [], waiting: [], hopeless: [] };
  let candidates: Item[] = [];
  for (const item of items) {
    const reason = hopelessReason(item, answers);
    if (reason === undefined) candidates.push(item);
    else sorted.hopeless.push({ item, reason });
  }
  // What waits makes others wait that point to it, until only those are left that point to each other.
  for (;;) {
    const ready = new Set(candidates);
    sorted.ready = [];
    for (const item of candidates) {
      const target = firstMissing(item, batch, ready, answers);
      if (target === undefined) sorted.ready.push(item);
      else sorted.waiting.push({ item, target });
    }
    if (sorted.ready.length === candidates.length) return sorted;
    candidates = sorted.ready;
  }
}

function hopelessReason({ targets }: Item, answers: Answers): string | undefined {
  for (const { key } of targets) {
    const answer = answers.get(key);
    if (answer && 'reason' in answer) return answer.reason;
  }
  return undefined;
}
