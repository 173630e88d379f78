import type { JsonObject } from '#lib/json/index.ts';
import { collectLinks, type Link } from './links.ts';

/** A Reference with a `reference` in a resource; to point elsewhere, set `holder.reference`. */
export interface FoundReference {
  readonly holder: JsonObject;
  readonly reference: string;
  /** FHIRPath of the Reference: `Observation.subject`. */
  readonly path: string;
}

/** All references of a resource, those of its extensions and contained resources included. */
export function collectReferences(resource: JsonObject): FoundReference[] {
  const references: FoundReference[] = [];
  for (const { kind, holder, text, path } of collectLinks(resource)) {
    if (kind === 'reference') references.push({ holder: holder as JsonObject, reference: text, path });
  }
  return references;
}

const linkInNarrative = /(\s(?:href|src)\s*=\s*)(["'])(urn:(?:uuid|oid):[^"'<]*)\2/g;

/**
 * Lets a transaction's links point to what was stored: references of any kind, urn:uuid and urn:oid in elements of type
 * uri, url, oid and uuid, and in links of the narrative. What `resolve` does not know stays as it is. Canonicals are not
 * replaced. https://hl7.org/fhir/R4/http.html#trules
 */
export const rewriteReferences = (resource: JsonObject, resolve: (reference: string) => string | undefined): void =>
  rewriteLinks(collectLinks(resource), resolve);

/** As rewriteReferences, for links that were collected before. */
export function rewriteLinks(links: readonly Link[], resolve: (reference: string) => string | undefined): void {
  for (const { kind, holder, key, text } of links) {
    const resolved =
      kind === 'narrative'
        ? text.replaceAll(linkInNarrative, (link, start: string, quote: string, address: string) => {
            const target = resolve(address);
            return target === undefined ? link : start + quote + target + quote;
          })
        : resolve(text);
    if (resolved !== undefined) (holder as JsonObject)[key] = resolved;
  }
}
