import { Failure } from '#lib/failure.ts';
import type { CompositeParts, CompositeValue } from '../indexing/index.ts';
import { anySystem, anyValue, compositeMask, tokenKey } from '../indexing/token-key.ts';
import type { Dictionary } from './dictionary.ts';
import { parseLiteralReference } from './reference.ts';
import { nameOf } from './rid.ts';
import type {
  CompositeKeyRow,
  CompositeRangeRow,
  CompositeRangesRow,
  CompositeStringRow,
  KeyPart,
  RangeValue,
} from './rows.ts';

/** Of one element, its codes times its values; and of a whole resource. Only a made-up one has more. */
const mostPairs = 10_000;
const mostPairsOfAll = 100_000;

const none: bigint = 0n;

/** The rows of composites: what stands together in an element, each value of a part with each of the others. */
export class CompositeRows {
  readonly keys: CompositeKeyRow[] = [];
  readonly ranges: CompositeRangeRow[] = [];
  readonly twoRanges: CompositeRangesRow[] = [];
  readonly strings: CompositeStringRow[] = [];
  /** The resources are stored already: what is refused now and was not then has no rows, and must not stand in the way. */
  isStored = false;
  readonly #dictionary: Dictionary;
  readonly #normalise: (text: string) => string;
  readonly #codeKey: (path: number, system: string, code: string) => bigint;
  #pairs = 0;

  constructor(
    dictionary: Dictionary,
    normalise: (text: string) => string,
    codeKey: (path: number, system: string, code: string) => bigint,
  ) {
    this.#dictionary = dictionary;
    this.#normalise = normalise;
    this.#codeKey = codeKey;
  }

  /** The following rows are those of another resource. */
  begin(): void {
    this.#pairs = 0;
  }

  add(path: number, parts: CompositeParts, rid: number): void {
    const keys: KeyPart[][] = [];
    const ranges: RangeValue[][] = [];
    const texts: string[][] = [];
    for (const part of parts) {
      const [first] = part;
      if (first?.is === 'range') ranges.push(part.flatMap((value) => this.#range(value)));
      else if (first?.is === 'string') texts.push(part.flatMap((value) => this.#text(value)));
      else keys.push(part.flatMap((value) => this.#keysOf(value)));
    }
    const excess = this.#excess([...keys, ...ranges, ...texts]);
    if (excess !== undefined && this.isStored) return;
    if (excess !== undefined) throw new Failure('too-costly', `${excess} Divide it.`);
    const mask = compositeMask(path);
    const [first = [none], second] = keys;
    for (const key of first) {
      for (const value of second ?? []) this.keys.push({ mask, key, value, rid });
      for (const text of texts[0] ?? []) this.strings.push({ path, mask, key, value: text, rid });
      for (const range of ranges[0] ?? []) {
        if (!ranges[1]) this.ranges.push({ path, mask, key, ...range, rid });
        for (const other of ranges[1] ?? []) this.twoRanges.push({ path, mask, key, ...range, second: other, rid });
      }
    }
  }

  /** Names of the resources that are referred to. */
  targets(): string[] {
    const parts = [...this.keys.flatMap(({ key, value }) => [key, value])];
    for (const { key } of [...this.ranges, ...this.twoRanges, ...this.strings]) parts.push(key);
    return parts.flatMap((part) => (typeof part === 'bigint' ? [] : [part.target]));
  }

  /** What is too much, if anything is. */
  #excess(parts: readonly (readonly unknown[])[]): string | undefined {
    const pairs = parts.reduce((product, { length }) => product * length, 1);
    this.#pairs += pairs;
    if (pairs > mostPairs) {
      const counts = parts.map(({ length }) => length).join(' times ');
      return `One element has ${counts} codes and values that are searched together; ${mostPairs} combinations are the most.`;
    }
    if (this.#pairs <= mostPairsOfAll) return undefined;
    return `The resource has more than ${mostPairsOfAll} combinations of codes and values that are searched together.`;
  }

  #range(value: CompositeValue): RangeValue[] {
    if (value.is !== 'range') return [];
    const { low, high, unit } = value;
    return [{ low, high, unit: unit && this.#dictionary.noteUnit(unit) }];
  }

  #text(value: CompositeValue): string[] {
    return value.is === 'string' ? [this.#normalise(value.value)] : [];
  }

  #keysOf(value: CompositeValue): KeyPart[] {
    const { key } = this.#dictionary;
    switch (value.is) {
      case 'code':
        return [this.#codeKey(value.path, value.system, value.code)];
      case 'identifier': {
        const { path, system, code } = value;
        const keys = [key(path, system, code), key(path, anySystem, code)];
        return system === '' ? keys : [...keys, key(path, system, anyValue)];
      }
      case 'uri':
        return [key(value.path, '', value.uri)];
      case 'reference': {
        if (value.reference.startsWith('#')) return [];
        const target = parseLiteralReference(value.reference);
        if (target) return [{ path: value.path, target: nameOf(target.type, target.id) }];
        return [key(value.path, '', value.reference)];
      }
      default:
        return [];
    }
  }
}

/** That a resource has a composite of two keys: such rows do not tell their path. */
export const compositePresenceKey = (path: number): bigint => tokenKey(path, anySystem, anyValue);
