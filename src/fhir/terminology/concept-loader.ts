import type { Concept } from './concept.ts';
import { WeightedCache } from './weighted-cache.ts';

type Fetch<Key> = (keys: readonly Key[]) => Promise<readonly Concept[]>;
type Listeners<Key> = Map<Key, ((concept: Concept | undefined) => void)[]>;

const keptCharacters = 16_000_000;

/**
 * Finds concepts of a set, which never changes, by code or by number: what was found lately is kept, and what is asked for at
 * the same time is fetched together.
 */
export class ConceptLoader<Key extends string | number> {
  readonly #fetch: Fetch<Key>;
  readonly #keyOf: (concept: Concept) => Key;
  readonly #known = new WeightedCache<Concept>(keptCharacters);
  #waiting: Listeners<Key> | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(fetch: Fetch<Key>, keyOf: (concept: Concept) => Key) {
    this.#fetch = fetch;
    this.#keyOf = keyOf;
  }

  async find(key: Key): Promise<Concept | undefined> {
    const known = this.#known.get(String(key));
    if (known) return known;
    const waiting = this.#waiting ?? this.#open();
    let found: Concept | undefined;
    const listeners = waiting.get(key) ?? [];
    listeners.push((concept) => {
      found = concept;
    });
    waiting.set(key, listeners);
    await this.#flushing;
    return found;
  }

  #open(): Listeners<Key> {
    const waiting: Listeners<Key> = new Map();
    this.#waiting = waiting;
    this.#flushing = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#flush(waiting));
    return waiting;
  }

  async #flush(waiting: Listeners<Key>): Promise<void> {
    this.#waiting = undefined;
    for (const concept of await this.#fetch([...waiting.keys()])) {
      const key = this.#keyOf(concept);
      this.#known.set(String(key), concept, 500 + concept.code.length + JSON.stringify(concept.content).length);
      for (const listener of waiting.get(key) ?? []) listener(concept);
    }
  }
}
