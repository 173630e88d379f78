import { parseRestfulUrl, uuidOfUrn } from './identity.ts';
import type { Place } from './place.ts';

/** What a reference asks for that the import may have to turn into `Type/id`. */
export interface Target {
  /** As written. */
  reference: string;
  /** What it is looked for by: see keyOf; a condition (`Practitioner?identifier=...`) is its own key. */
  key: string;
  /** An address of another server may stay as it is; a placeholder or a condition may not. */
  mustBeResolved: boolean;
}

const conditional = /^[A-Z][A-Za-z]+\?/;
const lowerUuid = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const urn = /^urn:(?:uuid|oid):/i;
const address = /^https?:\/\//;

export const isCondition = (key: string): boolean => conditional.test(key);

/** The key of `Practitioner?identifier=...`. */
export const keyOfCondition = (type: string, query: string): string => `${type}?${query}`;

/** Undefined for a reference that is stored as it stands (`Patient/1`, `#contained`). */
export function toTarget(place: Pick<Place, 'file' | 'document'>, reference: string): Target | undefined {
  if (lowerUuid.test(reference)) return { reference, key: reference, mustBeResolved: true };
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
  if (lowerUuid.test(url)) return url;
  const uuid = uuidOfUrn(url);
  return uuid ? `urn:uuid:${uuid}` : `${file.identity}/${document} ${url}`;
}

/** A UUID means the same resource in every Bundle. */
export const isGlobal = (key: string): boolean => key.startsWith('urn:uuid:');

/** Whether a fullUrl itself tells the resource's name, so that nobody needs to write it down. */
export function isEvident(fullUrl: string, { type, id }: { type: string; id: string }): boolean {
  if (fullUrl.length === 45 && fullUrl.startsWith('urn:uuid:') && fullUrl.endsWith(id)) return id.length === 36;
  if (uuidOfUrn(fullUrl)) return uuidOfUrn(fullUrl) === id;
  const restful = parseRestfulUrl(fullUrl);
  return restful !== undefined && restful.type === type && restful.id === id;
}

/** `Patient/1` for an address on the server from which an entry itself came, whose resources keep their ids. */
export function relativeToOwnServer(fullUrl: string | undefined, reference: string): string | undefined {
  const own = fullUrl === undefined ? undefined : parseRestfulUrl(fullUrl);
  if (own === undefined || !reference.startsWith(`${own.base}/`)) return undefined;
  return parseRestfulUrl(reference)?.base === own.base ? reference.slice(own.base.length + 1) : undefined;
}
