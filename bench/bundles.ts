import { createReadStream, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { generateRegion } from '#population/region.ts';

/** A transaction Bundle as JSON text. */
export interface BundleText {
  text: string;
  resources: number;
  /** `Patient/1` of each: an import of the same one twice stores it once. */
  names: string[];
}

export interface BenchData {
  /** What the figures were measured on. */
  name: string;
  /** The files as they are, for an import without limit; undefined when the data are generated. */
  folder: string | undefined;
  bundles(): AsyncGenerator<BundleText>;
}

const seed = 1;
const now = '2026-11-25';
const generatedResources = 190_000;
const generatedResidents = 100_000;
const bundleLength = 100;

/** Synthea's Bundles where they are at hand, otherwise a generated region in Bundles of a hundred. */
export function findData(folder: string | undefined): BenchData {
  if (folder !== undefined) {
    return { name: `Bundles of ${basename(folder)}`, folder, bundles: () => readBundles(folder) };
  }
  return {
    name: `generated region, seed ${seed}, the first ${generatedResources} resources`,
    folder: undefined,
    bundles: generateBundles,
  };
}

async function* readBundles(folder: string): AsyncGenerator<BundleText> {
  for (const file of globSync('*.ndjson.gz', { cwd: folder }).sort()) {
    const lines = createInterface({ input: createReadStream(join(folder, file)).pipe(createGunzip()) });
    for await (const text of lines) {
      const { entry } = JSON.parse(text) as { entry: { resource: { resourceType: string; id: string } }[] };
      yield {
        text,
        resources: entry.length,
        names: entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`),
      };
    }
  }
}

async function* generateBundles(): AsyncGenerator<BundleText> {
  let entries: string[] = [];
  let names: string[] = [];
  let count = 0;
  const bundle = (): BundleText => ({
    text: `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(',')}]}`,
    resources: entries.length,
    names,
  });
  for (const resource of generateRegion({ seed, residents: generatedResidents, now })) {
    // As Synthea posts: an import keeps the ids, each POST over HTTP makes new resources.
    names.push(`${resource.resourceType}/${resource.id}`);
    entries.push(JSON.stringify({ resource, request: { method: 'POST', url: resource.resourceType } }));
    count++;
    if (entries.length < bundleLength && count < generatedResources) continue;
    yield bundle();
    if (count >= generatedResources) return;
    entries = [];
    names = [];
  }
  if (entries.length > 0) yield bundle();
}

/**
 * The Bundles until they hold so many resources. When they are not enough they come again, each round with other ids, so
 * that they are other residents with the same lives.
 */
export async function* takeResources(data: BenchData, limit: number): AsyncGenerator<BundleText> {
  let left = limit;
  for (let round = 0; ; round++) {
    for await (const bundle of data.bundles()) {
      yield round === 0 ? bundle : withOtherIds(bundle, round);
      left -= bundle.resources;
      if (left <= 0) return;
    }
    if (left === limit) throw new Error(`There are no Bundles in ${data.name}`);
  }
}

const uuidStart = /\b[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)/g;
/** An odd number whose multiples spread over all 32 bits: 2^32 divided by the golden ratio. */
const spread = 0x9e3779b1;

function withOtherIds({ text, resources, names }: BundleText, round: number): BundleText {
  const mask = Math.imul(round, spread) >>> 0;
  const other = (start: string) => ((Number.parseInt(start, 16) ^ mask) >>> 0).toString(16).padStart(8, '0');
  const change = (written: string) => written.replaceAll(uuidStart, other);
  return { text: change(text), resources, names: names.map(change) };
}
