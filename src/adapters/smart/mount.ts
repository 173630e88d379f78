import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type Provider from 'oidc-provider';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Addresses } from './addresses.ts';
import { hashOf } from './artifact-store.ts';
import { findArtifact, findClient } from './queries.ts';

const formType = 'application/x-www-form-urlencoded';
const mostBytes = 56 * 1024;

/** Hands what comes to `/oidc` to the provider, which writes its answers itself. */
export async function mountProvider(
  app: FastifyInstance,
  { pool, addresses: { issuer } }: { pool: Pool; addresses: Addresses },
  current: () => Provider,
): Promise<void> {
  const { host, protocol, pathname } = new URL(issuer);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addContentTypeParser(formType, { parseAs: 'string', bodyLimit: mostBytes }, (_request, body, done) =>
    done(null, body),
  );
  app.all('/*', async ({ raw, body }, reply) => {
    const address = (raw.url ?? '/').slice(app.prefix.length);
    if (holdsNul(address) || (typeof body === 'string' && holdsNul(body))) return refuseNul(reply);
    const { headers } = raw;
    // The provider takes host and protocol for its own address, which is what the operator has said and nobody else.
    headers.host = host;
    headers['x-forwarded-proto'] = protocol.slice(0, -1);
    headers['x-forwarded-host'] = undefined;
    raw.url = askForConsent(address.startsWith('/') ? address : `/${address}`);
    Object.assign(raw, { originalUrl: `${pathname}${raw.url}` });
    if (typeof body === 'string') replay(raw, await nameClient(pool, headers.authorization, body));
    reply.hijack();
    reply.raw.setHeader('x-content-type-options', 'nosniff');
    reply.raw.setHeader('referrer-policy', 'no-referrer');
    await current().callback()(raw, reply.raw);
  });
}

/** No text of the database holds U+0000, and no client, code or token does. */
const holdsNul = (text: string): boolean => /%00|\0/.test(text);

const refuseNul = (reply: FastifyReply) =>
  reply.code(400).header('cache-control', 'no-store').type('application/json').send({
    error: 'invalid_request',
    error_description: 'nothing that is sent here may hold the character U+0000',
  });

/**
 * OpenID Connect gives offline_access only to requests with `prompt=consent`, which SMART applications do not send. Here
 * everybody is asked, so that it may be added.
 */
function askForConsent(address: string): string {
  const [path, query] = address.split('?', 2);
  if (path !== '/auth' || query === undefined) return address;
  const parameters = new URLSearchParams(query);
  if (!(parameters.get('scope') ?? '').split(' ').includes('offline_access')) return address;
  const [prompt, ...others] = parameters.getAll('prompt');
  if (others.length > 0 || (prompt !== undefined && prompt !== 'login')) return address;
  parameters.set('prompt', prompt === 'login' ? 'login consent' : 'consent');
  return `${path}?${parameters}`;
}

/** Lets the provider read again what was read. */
function replay(raw: IncomingMessage, body: string): void {
  const bytes = Buffer.from(body);
  raw.headers['content-length'] = String(bytes.length);
  Object.defineProperty(raw, 'readable', { value: true });
  Object.assign(raw, { iterator: () => [bytes] });
}

/**
 * SMART lets a public client refresh without its client_id, and the public client library does; OpenID Connect does not. The
 * token says whose it is. https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#step-7-use-the-refresh-token
 */
async function nameClient(pool: Pool, authorization: string | undefined, body: string): Promise<string> {
  const form = new URLSearchParams(body);
  const isNamed = authorization !== undefined || form.has('client_id') || form.has('client_assertion');
  if (isNamed || form.get('grant_type') !== 'refresh_token') return body;
  const token = await findArtifact(pool, { kind: 'RefreshToken', hash: hashOf(form.get('refresh_token') ?? '') });
  const client =
    typeof token?.payload.clientId === 'string' ? await findClient(pool, token.payload.clientId) : undefined;
  if (client?.kind === 'public') form.append('client_id', client.id);
  return String(form);
}
