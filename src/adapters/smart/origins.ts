import type { FastifyInstance } from 'fastify';
import type { Pool } from '#lib/postgres/pool.ts';
import { listRedirectUris } from './queries.ts';

const trustedMs = 5000;
const ofFhir = /^\/fhir(\/|\?|$)/;
const published = /^\/fhir\/(metadata|\.well-known\/smart-configuration)(\?|$)/;

const allowed = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, HEAD',
  'access-control-allow-headers':
    'Authorization, Content-Type, Accept, Prefer, If-Match, If-None-Match, If-Modified-Since, If-None-Exist, Idempotency-Key, X-Request-Id',
  'access-control-max-age': '600',
};

const shown = 'ETag, Last-Modified, Location, Content-Location, WWW-Authenticate, Retry-After, X-Progress, Warning';

/**
 * Lets pages of registered applications, and of nobody else, call the FHIR service: those whose origin is that of a redirect
 * URI. Cookies are never asked for, so that a page acts by its own token only. https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function allowOrigins(app: FastifyInstance, { pool, now }: { pool: Pool; now: () => number }): void {
  let known: { until: number; origins: Promise<Set<string>> } | undefined;
  const origins = (): Promise<Set<string>> => {
    if (known && known.until > now()) return known.origins;
    const found = listRedirectUris(pool).then((uris) => new Set(uris.map((uri) => new URL(uri).origin)));
    known = { until: now() + trustedMs, origins: found };
    found.catch(() => {
      known = undefined;
    });
    return found;
  };
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (!ofFhir.test(request.url)) return;
    reply.header('vary', 'Origin');
    const isPublished = published.test(request.url);
    if (origin === undefined || !(isPublished || (await origins()).has(origin))) return;
    reply.header('access-control-allow-origin', isPublished ? '*' : origin);
    reply.header('access-control-expose-headers', shown);
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      return reply.code(204).headers(allowed).send();
    }
  });
}
