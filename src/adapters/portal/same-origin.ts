import type { FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Fails with `forbidden` when a page of another site could have sent this: browsers send cookies by themselves, but let no other
 * site set this header, and say from which one a request comes. https://www.w3.org/TR/fetch-metadata/
 */
export function requireSameOrigin({
  method,
  headers,
  host,
}: Pick<FastifyRequest, 'method' | 'headers' | 'host'>): void {
  const isUpgrade = headers.upgrade !== undefined;
  if (safe.has(method) && !isUpgrade) return;
  const site = headers['sec-fetch-site'];
  const isForeign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') || !isOrigin(headers.origin, host);
  if (isForeign || (!isUpgrade && headers['x-meridian-request'] === undefined)) {
    throw new Failure(
      'forbidden',
      'A request with the cookie of the portal must come from its own pages, with the header x-meridian-request.',
    );
  }
}

function isOrigin(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}
