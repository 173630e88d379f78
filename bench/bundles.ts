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

/** The first Bundles until they hold so many resources. */
export async function* takeResources(data: BenchData, limit: number | undefined): AsyncGenerator<BundleText> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  for await (const bundle of data.bundles()) {
    yield bundle;
    left -= bundle.resources;
    if (left <= 0) return;
  }
}
