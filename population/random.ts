/** A small seeded generator of pseudo-random numbers (sfc32 by Chris Doty-Humphrey, public domain): same text, same numbers. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    [this.#a, this.#b, this.#c] = hashText(seed);
    for (let round = 0; round < 12; round++) this.next();
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return elementAt(list, Math.floor(this.next() * list.length));
  }

  /** One of the list, each as likely as its weight. */
  weighted<T>(list: readonly T[], weight: (item: T) => number): T {
    let total = 0;
    for (const item of list) total += weight(item);
    let rest = this.next() * total;
    for (const item of list) {
      rest -= weight(item);
      if (rest < 0) return item;
    }
    return elementAt(list, list.length - 1);
  }

  /** A normal value by the sum of uniform ones (Irwin-Hall, 4 terms): tails end at 3.5 deviations, as bodies do. */
  normal(mean: number, deviation: number): number {
    const sum = this.next() + this.next() + this.next() + this.next();
    return mean + (sum - 2) * deviation * Math.sqrt(3);
  }
}

/** The element that must be there. */
export function elementAt<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new RangeError(`No element ${index} in a list of ${list.length}`);
  return element;
}

// cyrb128, https://github.com/bryc/code (public domain)
function hashText(text: string): [number, number, number] {
  let first = 1779033703;
  let second = 3144134277;
  let third = 1013904242;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    first = second ^ Math.imul(first ^ unit, 597399067);
    second = third ^ Math.imul(second ^ unit, 2869860233);
    third = first ^ Math.imul(third ^ unit, 951274213);
  }
  return [Math.imul(third ^ (first >>> 18), 597399067), Math.imul(first ^ (second >>> 22), 2869860233), third ^ second];
}
