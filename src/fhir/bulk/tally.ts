import type { Outcome } from '../store/index.ts';

/** What became of an item. `absent`: a deletion of what was not there. */
export type Fate = Outcome['status'] | 'rejected' | 'ignored';

export type Counts = Record<string, Partial<Record<Fate, number>>>;

/** Counts items by resource type and fate. */
export class Tally {
  readonly counts: Counts;

  constructor(counts: Counts = {}) {
    this.counts = counts;
  }

  add(type: string, fate: Fate, count = 1): void {
    const fates = this.counts[type] ?? {};
    this.counts[type] = fates;
    fates[fate] = (fates[fate] ?? 0) + count;
  }

  addAll(counts: Counts): void {
    for (const [type, fates] of Object.entries(counts)) {
      for (const [fate, count] of Object.entries(fates)) this.add(type, fate as Fate, count);
    }
  }

  /** Of all types, with any of these fates; of all fates when none is given. */
  total(...fates: Fate[]): number {
    let total = 0;
    for (const counts of Object.values(this.counts)) {
      for (const [fate, count] of Object.entries(counts)) {
        if (fates.length === 0 || fates.includes(fate as Fate)) total += count;
      }
    }
    return total;
  }
}
