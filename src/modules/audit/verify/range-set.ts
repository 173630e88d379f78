/** Numbers that were seen, as half-open ranges that do not touch: little memory while they follow each other. */
export class RangeSet {
  readonly #endByStart = new Map<number, number>();
  readonly #startByEnd = new Map<number, number>();

  /** Adds [low, high), of which nothing is there yet. */
  add(low: number, high: number): void {
    const start = this.#startByEnd.get(low) ?? low;
    const end = this.#endByStart.get(high) ?? high;
    this.#startByEnd.delete(low);
    this.#endByStart.delete(high);
    this.#endByStart.set(start, end);
    this.#startByEnd.set(end, start);
  }

  /** What lies between: [low, high) as well, from the least to the greatest number there can be. */
  gaps(least: number, greatest: number): [number, number][] {
    const gaps: [number, number][] = [];
    let from = least;
    for (const [start, end] of [...this.#endByStart].sort(([left], [right]) => left - right)) {
      if (start > from) gaps.push([from, start]);
      from = Math.max(from, end);
    }
    if (from < greatest) gaps.push([from, greatest]);
    return gaps;
  }
}

/** `{[1,4),[6,7)}` as PostgreSQL prints it; undefined when it is no such text. */
export function parseMultirange(text: string): [number, number][] | undefined {
  if (!/^\{(?:\[\d{1,16},\d{1,16}\)(?:,(?!\})|(?=\})))*\}$/.test(text)) return undefined;
  return [...text.matchAll(/\[(\d+),(\d+)\)/g)].map(([, low, high]) => [Number(low), Number(high)]);
}
