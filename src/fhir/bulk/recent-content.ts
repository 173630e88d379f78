import { hash } from 'node:crypto';
import { type Item, nameOfItem } from './parse-item.ts';

const generationLength = 25_000;

/**
 * Knows what the last items were that were read, so that a resource that stands in many Bundles with the same text (a
 * hospital in each of its patients' files) is written once. Forgets the older half when it is full.
 */
export class RecentContent {
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  /** Whether the last item of this name had the same text. An item is remembered only when the answer is no. */
  isRepeated(item: Item): boolean {
    if (item.condition !== undefined || item.links.some(({ key }) => !isGlobal(key))) return false;
    const name = nameOfItem(item);
    const text = hash('sha1', item.bytes, 'base64');
    if ((this.#young.get(name) ?? this.#old.get(name)) === text) return true;
    if (this.#young.size >= generationLength) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, text);
    return false;
  }
}

/** The same key means the same resource in every Bundle. */
const isGlobal = (key: string): boolean => key.startsWith('urn:uuid:');
