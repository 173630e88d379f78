import type { JsonObject } from '#lib/json/index.ts';
import { parseLiteralReference } from '../store/index.ts';
import { collectLinks } from '../validation/index.ts';

/** `http://this-server/fhir/Patient/1` is `Patient/1`; undefined for what is elsewhere, or relative already. */
export function ownReference(reference: string, baseUrl: string): string | undefined {
  if (!reference.startsWith(`${baseUrl}/`) || !parseLiteralReference(reference, baseUrl)) return undefined;
  return reference.slice(baseUrl.length + 1);
}

/**
 * Makes references to resources of this server relative, however they were written: they are the same to searches, chains
 * and includes, and hold when the address of the server changes. https://hl7.org/fhir/R4/references.html#literal
 */
export function relateOwnReferences(resource: JsonObject, baseUrl: string): void {
  for (const { kind, holder, text } of collectLinks(resource)) {
    const own = kind === 'reference' ? ownReference(text, baseUrl) : undefined;
    if (own !== undefined) (holder as JsonObject).reference = own;
  }
}
