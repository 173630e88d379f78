import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isGlobal } from './links.ts';
import type { Item } from './parse-item.ts';

const generationLength = 25_000;

interface Content {
  checksum: number;
  /** SHA-1, from the second time on that a text seems to be the same. */
  hash: string | undefined;
}

/**
 * Knows what the last items were that were read, so that a resource that stands in many Bundles with the same text (a
 * hospital in each of its patients' files) is written twice at most. Forgets the older half when it is full.
 */
export class RecentContent {
  #young = new Map<string, Content>();
  #old = new Map<string, Content>();

  /** Whether the last item of this name certainly had the same text. */
  isRepeated({ name, bytes, condition, targets }: Item): boolean {
    if (condition !== undefined || !targets.every(({ key }) => isGlobal(key))) return false;
    const last = this.#young.get(name) ?? this.#old.get(name);
    const checksum = crc32(bytes);
    const text = last?.checksum === checksum ? hash('sha1', bytes, 'base64') : undefined;
    if (text !== undefined && last?.hash === text) return true;
    if (this.#young.size >= generationLength) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, { checksum, hash: text });
    return false;
  }
}
