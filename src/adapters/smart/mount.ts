import type { FastifyInstance } from 'fastify';
import type Provider from 'oidc-provider';
import type { Addresses } from './addresses.ts';

/** Hands what comes to `/oidc` to the provider, which reads bodies and writes answers itself. */
export async function mountProvider(
  app: FastifyInstance,
  { issuer }: Addresses,
  current: () => Provider,
): Promise<void> {
  const { host, protocol, pathname } = new URL(issuer);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.all('/*', async ({ raw }, reply) => {
    const address = (raw.url ?? '/').slice(app.prefix.length);
    const { headers } = raw;
    // The provider takes host and protocol for its own address, which is what the operator has said and nobody else.
    headers.host = host;
    headers['x-forwarded-proto'] = protocol.slice(0, -1);
    headers['x-forwarded-host'] = undefined;
    raw.url = askForConsent(address.startsWith('/') ? address : `/${address}`);
    Object.assign(raw, { originalUrl: `${pathname}${raw.url}` });
    reply.hijack();
    reply.raw.setHeader('x-content-type-options', 'nosniff');
    reply.raw.setHeader('referrer-policy', 'no-referrer');
    await current().callback()(raw, reply.raw);
  });
}

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
