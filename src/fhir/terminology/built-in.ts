import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '#lib/json/index.ts';
import { parseJson } from '#lib/json/index.ts';
import type { Entry, TerminologyType } from './entry.ts';

/** The code systems and value sets that FHIR R4 itself defines. */
export interface BuiltIn {
  entries(type: TerminologyType, url: string): Entry[];
  conceptMaps(): Entry[];
}

export const noBuiltIn: BuiltIn = { entries: () => [], conceptMaps: () => [] };

const folder = new URL('../../../content/terminology/generated/', import.meta.url);

/** One line of the index: type, url, version, and where the resource stands in the pack. */
type IndexLine = readonly [TerminologyType, string, string | null, number, number];

/**
 * Reads content/terminology/generated, which scripts/generate-terminology.ts prints. The pack is unzipped with the first resource
 * that is asked for; a resource is parsed when it is.
 */
export function readBuiltIn(): BuiltIn {
  const index = new URL('r4-index.json', folder);
  if (!existsSync(fileURLToPath(index))) return noBuiltIn;
  const lines = JSON.parse(readFileSync(index, 'utf8')) as IndexLine[];
  let pack: Buffer | undefined;
  const text = (start: number, end: number): string => {
    pack ??= gunzipSync(readFileSync(new URL('r4.ndjson.gz', folder)));
    return pack.toString('utf8', start, end);
  };
  const byUrl = new Map<string, Entry[]>();
  for (const [type, url, version, start, end] of lines) {
    const key = `${type} ${url}`;
    const entry: Entry = {
      key: `built-in ${start}`,
      url,
      version: version ?? undefined,
      length: end - start,
      load: async () => parseJson(text(start, end)) as JsonObject,
    };
    byUrl.set(key, [...(byUrl.get(key) ?? []), entry]);
  }
  return {
    entries: (type, url) => byUrl.get(`${type} ${url}`) ?? [],
    conceptMaps: () => [...byUrl].flatMap(([key, entries]) => (key.startsWith('ConceptMap ') ? entries : [])),
  };
}
