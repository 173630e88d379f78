import { type BlockKey, blockKinds } from '../block-keys.ts';
import { comparisons } from '../comparisons.ts';
import type { Person } from '../person.ts';
import { levelsOf } from '../score.ts';

/** Pairs that agree and differ alike, counted. */
export interface Pattern {
  readonly levels: readonly number[];
  count: number;
}

/** Patterns of pairs; a few thousand, however many pairs there are. */
export class Patterns {
  readonly #patterns = new Map<string, Pattern>();

  add(levels: readonly number[], count = 1): void {
    const key = String.fromCharCode(...levels.map((level) => level + 1));
    const known = this.#patterns.get(key);
    if (known) known.count += count;
    else this.#patterns.set(key, { levels, count });
  }

  get list(): readonly Pattern[] {
    return [...this.#patterns.values()];
  }

  get total(): number {
    return this.list.reduce((sum, { count }) => sum + count, 0);
  }
}

/** What is learnt from: persons, and the keys of each. */
export interface Sample {
  readonly persons: readonly Person[];
  readonly keys: readonly (readonly BlockKey[])[];
}

/** Pairs of persons taken at random; a number from 0 up to 1 comes from `random`. */
export function randomPatterns({ persons }: Sample, count: number, random: () => number): Patterns {
  const patterns = new Patterns();
  for (let drawn = 0; drawn < count && persons.length > 1; drawn++) {
    const left = persons[Math.floor(random() * persons.length)];
    const right = persons[Math.floor(random() * persons.length)];
    if (left && right && left !== right) patterns.add(levelsOf(left, right));
  }
  return patterns;
}

/** A key that more persons share than these says too little to compare them all. */
const mostInBlock = 60;

/** By kind of key: the persons, by their place in the sample, that share each key. */
export function blocksOf({ keys }: Sample): Map<number, number[][]> {
  const byKind = new Map(blockKinds.map(({ number }) => [number, new Map<number, number[]>()]));
  for (const [index, own] of keys.entries()) {
    for (const { kind, key } of own) {
      const blocks = byKind.get(kind.number);
      const block = blocks?.get(key);
      if (block) block.push(index);
      else blocks?.set(key, [index]);
    }
  }
  return new Map(
    [...byKind].map(([kind, blocks]) => [
      kind,
      [...blocks.values()].filter(({ length }) => length > 1 && length <= mostInBlock),
    ]),
  );
}

/** Every pair of these blocks once, by the places of both. */
export function* pairsOf(blocks: Iterable<readonly number[]>): Generator<readonly [number, number]> {
  const seen = new Set<number>();
  for (const block of blocks) {
    for (const [index, first] of block.entries()) {
      for (const second of block.slice(index + 1)) {
        const [low, high] = first < second ? [first, second] : [second, first];
        const name = low * 2 ** 26 + high;
        if (seen.has(name)) continue;
        seen.add(name);
        yield [low, high];
      }
    }
  }
}

export const comparisonCount = comparisons.length;
