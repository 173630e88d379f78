import { isResourceType } from '../definitions/index.ts';

export interface LiteralReference {
  type: string;
  id: string;
}

const literal = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * The resource on this server that a reference names (`Patient/1`, with or without version, or below the base URL), or
 * undefined when it points elsewhere: another server, a contained resource, a logical id.
 */
export function parseLiteralReference(reference: string, baseUrl?: string): LiteralReference | undefined {
  const relative = baseUrl && reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  const match = literal.exec(relative);
  if (!match?.[1] || !match[2] || !isResourceType(match[1])) return undefined;
  return { type: match[1], id: match[2] };
}
