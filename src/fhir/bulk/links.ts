import { parseRestfulUrl, uuidOfUrn } from './identity.ts';
import type { Place } from './place.ts';

/** A reference that the import may have to turn into `Type/id`. */
export interface Link {
  /** As written. */
  reference: string;
  /** What it is looked for by: see keyOf; a condition (`Practitioner?identifier=...`) is its own key. */
  key: string;
  /** An address of another server may stay as it is; a placeholder or a condition may not. */
  mustBeResolved: boolean;
}

const conditional = /^[A-Z][A-Za-z]+\?/;
const urn = /^urn:(?:uuid|oid):/i;
const address = /^https?:\/\//;

export const isCondition = (key: string): boolean => conditional.test(key);

/** The key of `Practitioner?identifier=...`. */
export const keyOfCondition = (type: string, query: string): string => `${type}?${query}`;

/** Undefined for a reference that is stored as it stands (`Patient/1`, `#contained`). */
export function toLink(place: Pick<Place, 'file' | 'document'>, reference: string): Link | undefined {
  if (conditional.test(reference)) return { reference, key: reference, mustBeResolved: true };
  if (urn.test(reference)) return { reference, key: keyOf(place, reference), mustBeResolved: true };
  if (address.test(reference)) return { reference, key: keyOf(place, reference), mustBeResolved: false };
  return undefined;
}

/**
 * The name under which a fullUrl is remembered, or a reference to one is looked for: a UUID means the same everywhere,
 * anything else only within its Bundle.
 */
export function keyOf({ file, document }: Pick<Place, 'file' | 'document'>, url: string): string {
  const uuid = uuidOfUrn(url);
  return uuid ? `urn:uuid:${uuid}` : `${file.identity}/${document} ${url}`;
}

/** Whether a fullUrl itself tells the resource's name, so that nobody needs to write it down. */
export function isEvident(fullUrl: string, { type, id }: { type: string; id: string }): boolean {
  const uuid = uuidOfUrn(fullUrl);
  if (uuid) return uuid === id;
  const restful = parseRestfulUrl(fullUrl);
  return restful !== undefined && restful.type === type && restful.id === id;
}

/** `Patient/1` for an address on the server from which an entry itself came, whose resources keep their ids. */
export function relativeToOwnServer(fullUrl: string | undefined, reference: string): string | undefined {
  const own = fullUrl === undefined ? undefined : parseRestfulUrl(fullUrl);
  if (own === undefined || !reference.startsWith(`${own.base}/`)) return undefined;
  return parseRestfulUrl(reference)?.base === own.base ? reference.slice(own.base.length + 1) : undefined;
}
