import { createBreath } from '#lib/breath.ts';
import { blockKeysOf, blockKinds } from '../block-keys.ts';
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

  add(levels: readonly number[]): void {
    const key = String.fromCharCode(...levels.map((level) => level + 1));
    const known = this.#patterns.get(key);
    if (known) known.count += 1;
    else this.#patterns.set(key, { levels, count: 1 });
  }

  get list(): readonly Pattern[] {
    return [...this.#patterns.values()];
  }
}

/** What is learnt from. */
export interface Sample {
  readonly persons: readonly Person[];
  /** By kind of key: the persons, by their place in the list, that share each key. */
  readonly blocks: ReadonlyMap<number, readonly (readonly number[])[]>;
  /** How many persons there are in all. */
  readonly population: number;
  /** Of all keys, the share that was looked at: 1 when all persons are in the sample. */
  readonly fraction: number;
}

/** A key that more persons share than these says too little to compare them all. */
export const mostInBlock = 60;

/** All persons that there are. */
export function sampleOf(persons: readonly Person[]): Sample {
  const byKind = new Map(blockKinds.map(({ number }) => [number, new Map<number, number[]>()]));
  for (const [index, person] of persons.entries()) {
    for (const { kind, key } of blockKeysOf(person)) {
      const blocks = byKind.get(kind.number);
      const block = blocks?.get(key);
      if (block) block.push(index);
      else blocks?.set(key, [index]);
    }
  }
  const blocks = new Map(
    [...byKind].map(([kind, held]) => [
      kind,
      [...held.values()].filter(({ length }) => length > 1 && length <= mostInBlock),
    ]),
  );
  return { persons, blocks, population: persons.length, fraction: 1 };
}

/** Pairs of persons taken at random; a number from 0 up to 1 comes from `random`. */
export async function randomPatterns({ persons }: Sample, count: number, random: () => number): Promise<Patterns> {
  const patterns = new Patterns();
  const breathe = createBreath();
  for (let drawn = 0; drawn < count && persons.length > 1; drawn++) {
    const left = persons[Math.floor(random() * persons.length)];
    const right = persons[Math.floor(random() * persons.length)];
    if (left && right && left !== right) patterns.add(levelsOf(left, right));
    await breathe();
  }
  return patterns;
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
