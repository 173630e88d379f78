/** Remembers for a short while what is dear to find out; whoever asks meanwhile waits for the same answer. */
export class Fresh<Value> {
  readonly #kept = new Map<string, { readonly value: Promise<Value>; readonly until: number }>();
  readonly #forMs: number;
  readonly #most: number;
  readonly #now: () => number;

  constructor({ forMs, most, now }: { forMs: number; most: number; now: () => number }) {
    this.#forMs = forMs;
    this.#most = most;
    this.#now = now;
  }

  get(key: string, find: () => Promise<Value>): Promise<Value> {
    const at = this.#now();
    const known = this.#kept.get(key);
    if (known && known.until > at) return known.value;
    const value = find();
    this.#kept.delete(key);
    this.#kept.set(key, { value, until: at + this.#forMs });
    value.catch(() => {
      if (this.#kept.get(key)?.value === value) this.#kept.delete(key);
    });
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
    return value;
  }

  forget(): void {
    this.#kept.clear();
  }
}
