import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import type { Resolved } from './profile/walk.ts';
import { containedResource } from './reference-target.ts';

export interface BundleEntry {
  readonly fullUrl: string | undefined;
  readonly resource: JsonObject;
  readonly index: number;
  /** Of the result of a search: `match`, `include`, `outcome`. */
  readonly mode: string | undefined;
}

/** Finds what is referred to inside of a Bundle. https://hl7.org/fhir/R4/bundle.html#references */
export interface BundleIndex {
  readonly entries: readonly BundleEntry[];
  find(reference: string, from: JsonObject): BundleEntry | undefined;
  /** As `find`, by the letter: only by fullUrl. */
  findIn(reference: string, from: BundleEntry): BundleEntry | undefined;
}

export function indexBundle(bundle: JsonObject): BundleIndex {
  const entries: BundleEntry[] = [];
  const listed = Array.isArray(bundle.entry) ? bundle.entry : [];
  listed.forEach((entry, index) => {
    if (!isJsonObject(entry) || !isJsonObject(entry.resource)) return;
    const fullUrl = typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined;
    const mode = isJsonObject(entry.search) ? String(entry.search.mode) : undefined;
    entries.push({ fullUrl, resource: entry.resource, index, mode });
  });
  const byUrl = new Map<string, BundleEntry>();
  const byName = new Map<string, BundleEntry>();
  const ofResource = new Map<JsonObject, BundleEntry>();
  for (const entry of entries) {
    ofResource.set(entry.resource, entry);
    if (entry.fullUrl !== undefined && !byUrl.has(entry.fullUrl)) byUrl.set(entry.fullUrl, entry);
    const name = `${String(entry.resource.resourceType)}/${String(entry.resource.id)}`;
    if (entry.resource.id !== undefined && !byName.has(name)) byName.set(name, entry);
  }
  const findIn: BundleIndex['findIn'] = (reference, from) => {
    const plain = plainReference(reference);
    if (/^[a-z][a-z0-9+.-]*:/i.test(plain)) return byUrl.get(plain);
    const base = from.fullUrl?.match(/^(https?:.*\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/)?.[1];
    return base === undefined ? undefined : byUrl.get(base + plain);
  };
  return {
    entries,
    findIn,
    find(reference, from) {
      const plain = plainReference(reference);
      const origin = ofResource.get(from);
      return (origin && findIn(reference, origin)) ?? byUrl.get(plain) ?? byName.get(plain);
    },
  };
}

const plainReference = (reference: string): string => reference.replace(/\/_history\/[^/]*$/, '').replace(/#.*$/, '');

/** Looks into the contained resources, then into the Bundle, then wherever else there may be something. */
export function resourceFinder(
  bundle: BundleIndex | undefined,
  elsewhere: ((reference: string) => JsonObject | undefined) | undefined,
): (reference: string, root: JsonObject) => Resolved | undefined {
  return (reference, root) => {
    if (reference.startsWith('#')) {
      const resource = reference === '#' ? root : containedResource(root, reference.slice(1));
      return resource && { resource, how: 'contained' };
    }
    const entry = bundle?.find(reference, root);
    if (entry) return { resource: entry.resource, how: 'bundled' };
    const resource = elsewhere?.(reference);
    return resource && { resource, how: 'referenced' };
  };
}
