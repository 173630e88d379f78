import type { JsonObject } from '#lib/json/index.ts';
import { normaliseString } from '../indexing/index.ts';
import type { IndexRules } from '../search-parameters/index.ts';
import { Dictionary } from './dictionary.ts';
import { IndexRows } from './index-rows.ts';

/** A dictionary that writes nothing, and remembers under which keys texts would stand. */
class TextKeys extends Dictionary {
  readonly keys = new Set<bigint>();

  protected override noteText(key: bigint): void {
    this.keys.add(key);
  }
}

/** The keys under which the dictionary keeps texts of these resources: displays, and the words of concepts. */
export function textKeysOf(resources: Iterable<JsonObject>, rules: IndexRules): bigint[] {
  const texts = new TextKeys();
  for (const resource of resources) {
    const rows = new IndexRows(texts, normaliseString);
    rows.begin(0);
    rules.indexStored(resource, rows);
  }
  return [...texts.keys];
}
