import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { type JWK, SignJWT } from 'jose';
import { addClient, type Client } from '#adapters/smart/index.ts';
import { Browser, type SmartServer, type Visit } from './smart-server.ts';

const callback = 'https://app.example.org/callback';

const aClient = (client: Partial<Client> & Pick<Client, 'id' | 'kind'>): Client => ({
  name: `Application ${client.id}`,
  redirectUris: client.kind === 'backend' ? [] : [callback],
  launchUri: null,
  scopes:
    client.kind === 'backend' ? ['system/*.rs'] : ['openid', 'fhirUser', 'launch', 'launch/patient', 'patient/*.rs'],
  jwks: null,
  jwksUri: null,
  organization: null,
  isTrusted: false,
  introspects: false,
  ...client,
});

/** Registers an application as `meridian client add` does. */
export async function register(
  { fhir }: SmartServer,
  client: Partial<Client> & Pick<Client, 'id' | 'kind'>,
): Promise<Client> {
  const whole = aClient(client);
  await addClient(fhir, 'test', whole);
  return whole;
}

export interface Keys {
  privateKey: KeyObject;
  jwks: { keys: JWK[] };
  alg: 'RS384' | 'ES384';
}

export function makeKeys(alg: Keys['alg'], kid = 'first'): Keys {
  const { privateKey, publicKey } =
    alg === 'RS384'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return {
    privateKey,
    jwks: { keys: [{ ...(publicKey.export({ format: 'jwk' }) as JWK), kid, alg, use: 'sig' }] },
    alg,
  };
}

/** https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html */
export function signAssertion(
  { privateKey, alg }: Keys,
  client: string,
  audience: string,
  { claims = {}, header = {} }: { claims?: Record<string, unknown>; header?: Record<string, unknown> } = {},
): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: client,
    sub: client,
    aud: audience,
    exp: seconds + 240,
    jti: crypto.randomUUID(),
    ...claims,
  })
    .setProtectedHeader({ alg, kid: 'first', typ: 'JWT', ...header })
    .sign(privateKey);
}

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** What an application sends and keeps while somebody authorizes it. */
export class SmartApp {
  readonly verifier = randomBytes(32).toString('base64url');
  readonly state = randomBytes(12).toString('base64url');
  readonly server: SmartServer;
  readonly client: Client;

  constructor(server: SmartServer, client: Client) {
    this.server = server;
    this.client = client;
  }

  authorizeUrl(parameters: Record<string, string | undefined> = {}): string {
    const all = {
      response_type: 'code',
      client_id: this.client.id,
      redirect_uri: this.client.redirectUris[0],
      scope: this.client.scopes.join(' '),
      state: this.state,
      aud: `${this.server.root}/fhir`,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return `/oidc/auth?${new URLSearchParams(given)}`;
  }

  /** As far as the page on which somebody is asked; the id of the interaction. */
  async begin(browser: Browser, parameters: Record<string, string | undefined> = {}): Promise<string> {
    const { location, text } = await browser.visit(this.authorizeUrl(parameters));
    const interaction = location?.searchParams.get('interaction');
    if (!interaction) throw new Error(`The application was sent to ${location?.href ?? text}`);
    return interaction;
  }

  /** All that a person does; where the browser comes back to. */
  async authorize(
    person: string,
    choice: Record<string, unknown> = {},
    parameters: Record<string, string | undefined> = {},
  ): Promise<URL> {
    const browser = new Browser(this.server, person);
    const uid = await this.begin(browser, parameters);
    const consented = await browser.post(`/api/smart/interactions/${uid}/consent`, choice);
    if (consented.status !== 200) throw new Error(`Consent was answered by ${consented.text}`);
    const { location, text } = await browser.visit(consented.body.next);
    if (!location) throw new Error(text);
    return location;
  }

  /** Posts to the token endpoint, as a public client unless it is said otherwise. */
  token(parameters: Record<string, string>): Promise<Visit> {
    return postForm(this.server, '/oidc/token', { client_id: this.client.id, ...parameters });
  }

  exchange(callbackUrl: URL, parameters: Record<string, string> = {}): Promise<Visit> {
    return this.token({
      grant_type: 'authorization_code',
      code: callbackUrl.searchParams.get('code') ?? '',
      redirect_uri: this.client.redirectUris[0] ?? '',
      code_verifier: this.verifier,
      ...parameters,
    });
  }
}

export const postForm = (server: SmartServer, url: string, form: Record<string, string>): Promise<Visit> =>
  new Browser(server).visit(url, {
    method: 'POST',
    payload: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

/** Reads from the FHIR service under a token. */
export const readWith = (server: SmartServer, token: string, url: string): Promise<Visit> =>
  new Browser(server).visit(`/fhir${url}`, { headers: { authorization: `Bearer ${token}` } });
