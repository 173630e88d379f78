import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** An OpenID Connect provider of another organisation, where everybody is the subject that is set. */
export interface OtherProvider {
  issuer: string;
  subject: string;
  stop(): Promise<void>;
}

/** On a port of its own; knows one client, `meridian`, with the secret `a secret of both`. */
export async function startOtherProvider(redirectUri: string): Promise<OtherProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const other: OtherProvider = { issuer, subject: 'somebody', stop: () => close(server) };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'meridian',
        client_secret: 'a secret of both',
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'other', alg: 'RS256', use: 'sig' } as never] },
    cookies: { keys: ['other'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  });
  const handle = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return handle(request, response);
    const grant = new provider.Grant({ accountId: other.subject, clientId: 'meridian' });
    grant.addOIDCScope('openid');
    const result = { login: { accountId: other.subject }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result);
  });
  return other;
}

const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Follows a browser's way through that provider; the address to which it is sent back. */
export async function passThrough(start: string, redirectUri: string): Promise<string> {
  const cookies = new Map<string, string>();
  let address = start;
  for (let hop = 0; hop < 10; hop++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1)[0]?.split('=') ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
    address = new URL(next, address).href;
    if (address.startsWith(redirectUri)) return address;
  }
  throw new Error('The provider sent the browser in circles.');
}
