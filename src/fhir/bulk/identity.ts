import { createHash } from 'node:crypto';
import { type JsonObject, printJson } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';

const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;
const uuidUrn = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const restful = /^(https?:\/\/.+)\/([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/;

export const isId = (value: unknown): value is string => typeof value === 'string' && idPattern.test(value);

/** The UUID of `urn:uuid:...`, in lower case; undefined for anything else. */
export const uuidOfUrn = (url: string): string | undefined => uuidUrn.exec(url)?.[1]?.toLowerCase();

export interface RestfulUrl {
  base: string;
  type: string;
  id: string;
}

/** The parts of an absolute address of a resource on some FHIR server. */
export function parseRestfulUrl(url: string): RestfulUrl | undefined {
  const [, base, type, id] = restful.exec(url) ?? [];
  return base && id && isResourceType(type) ? { base, type, id } : undefined;
}

/**
 * The id under which a resource is kept that is posted or merely stands in a Bundle or file. It follows from the input
 * alone, so that a second import finds what the first one made.
 */
export function deriveId(resource: JsonObject, fullUrl: string | undefined, isPost: boolean): string {
  const ownId = isId(resource.id) ? resource.id : undefined;
  if (ownId !== undefined && !isPost) return ownId;
  const uuid = fullUrl && uuidOfUrn(fullUrl);
  if (uuid) return uuid;
  const address = fullUrl ? parseRestfulUrl(fullUrl) : undefined;
  if (address && address.type === resource.resourceType) return address.id;
  return ownId ?? contentId(resource);
}

/** Equal content gets an equal id: a UUID of version 8 made of the content's hash. */
function contentId(resource: JsonObject): string {
  const digest = createHash('sha256').update(printJson(resource)).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
