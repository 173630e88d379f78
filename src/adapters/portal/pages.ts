import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import { plainHeaders, securityHeaders } from './security-headers.ts';

const noncePlace = /__csp-nonce__/g;
const belongsToServer = /^\/(fhir|api|portal\/api)(\/|$)/;
const isFile = /\.[a-z0-9]+$/i;

/** Serves the built portal: files with a hash in their name for a year, and the one page for every address of a room. */
export async function registerPages(app: FastifyInstance, distFolder: string) {
  const indexFile = join(distFolder, 'index.html');
  if (!existsSync(indexFile)) {
    throw new Failure(
      'processing',
      `The portal is not built: ${indexFile} is missing. Run npx vite build --config portal/vite.config.ts.`,
    );
  }
  const page = readFileSync(indexFile, 'utf8');

  await app.register(fastifyStatic, {
    root: distFolder,
    index: false,
    wildcard: false,
    cacheControl: false,
    preCompressed: true,
    globIgnore: ['index.html', '.vite/**'],
    setHeaders: (reply, path) => {
      reply.headers(plainHeaders);
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  app.get('/*', (request, reply) => sendPage(request, reply, page));
}

// Whatever is neither a file nor an interface is an address inside the portal, which tells by itself when it knows no such room.
function sendPage(request: FastifyRequest, reply: FastifyReply, page: string) {
  const path = request.url.split('?', 1)[0] ?? '/';
  if (belongsToServer.test(path) || isFile.test(path)) return reply.callNotFound();
  const nonce = randomBytes(16).toString('base64');
  return reply
    .headers(securityHeaders(nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.replace(noncePlace, nonce));
}
