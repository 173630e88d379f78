import type { Concept } from './concept.ts';
import { WeightedCache } from './weighted-cache.ts';

type Fetch = (codes: readonly string[]) => Promise<readonly Concept[]>;

const keptCharacters = 16_000_000;

/**
 * Finds concepts of a set, which never changes, by their codes: what was found lately is kept, and what is asked for at
 * the same time is fetched together.
 */
export class ConceptLoader {
  readonly #fetch: Fetch;
  readonly #known = new WeightedCache<Concept>(keptCharacters);
  #waiting: Map<string, ((concept: Concept | undefined) => void)[]> | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  async find(code: string): Promise<Concept | undefined> {
    const known = this.#known.get(code);
    if (known) return known;
    const waiting = this.#waiting ?? this.#open();
    let found: Concept | undefined;
    const listeners = waiting.get(code) ?? [];
    listeners.push((concept) => {
      found = concept;
    });
    waiting.set(code, listeners);
    await this.#flushing;
    return found;
  }

  #open(): Map<string, ((concept: Concept | undefined) => void)[]> {
    const waiting = new Map<string, ((concept: Concept | undefined) => void)[]>();
    this.#waiting = waiting;
    this.#flushing = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#flush(waiting));
    return waiting;
  }

  async #flush(waiting: Map<string, ((concept: Concept | undefined) => void)[]>): Promise<void> {
    this.#waiting = undefined;
    for (const concept of await this.#fetch([...waiting.keys()])) {
      this.#known.set(concept.code, concept, 500 + concept.code.length + JSON.stringify(concept.content).length);
      for (const listener of waiting.get(concept.code) ?? []) listener(concept);
    }
  }
}
