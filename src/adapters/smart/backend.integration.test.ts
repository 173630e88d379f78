import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  assertionType,
  type Keys,
  makeKeys,
  postForm,
  readWith,
  register,
  SmartApp,
  signAssertion,
} from '#testing/smart-app.ts';
import { fillRecord } from '#testing/smart-record.ts';
import { type SmartServer, startSmartServer } from '#testing/smart-server.ts';
import { addClient, removeClient } from './index.ts';

let server: SmartServer;
let audience: string;
const keys = { RS384: makeKeys('RS384'), ES384: makeKeys('ES384') };

beforeAll(async () => {
  server = await startSmartServer();
  await fillRecord(server);
  audience = `${server.root}/oidc/token`;
  const scopes = ['system/Patient.rs', 'system/Observation.rs'];
  await register(server, {
    id: 'RS384',
    kind: 'backend',
    jwks: keys.RS384.jwks,
    scopes,
    organization: 'Organization/1',
  });
  await register(server, {
    id: 'ES384',
    kind: 'backend',
    jwks: keys.ES384.jwks,
    scopes,
    organization: 'Organization/1',
  });
});

afterAll(async () => {
  await server.stop();
  expect(server.failures).toEqual([]);
});

const ask = (assertion: string, parameters: Record<string, string> = {}) =>
  postForm(server, '/oidc/token', {
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: assertionType,
    client_assertion: assertion,
    ...parameters,
  });

const seconds = () => Math.floor(Date.now() / 1000);

describe('a system', () => {
  it.each(['RS384', 'ES384'] as const)(
    'gets a token of five minutes by %s, and reads under its own name',
    async (alg) => {
      const { body } = await ask(await signAssertion(keys[alg], alg, audience));
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'system/Patient.rs' });
      expect(body.refresh_token).toBeUndefined();
      const principal = await server.smart.authenticate({
        headers: { authorization: `Bearer ${body.access_token}` },
        ip: '192.0.2.1',
      });
      expect(principal).toMatchObject({
        reference: `Device/${alg}`,
        role: 'system',
        client: alg,
        scopes: ['system/Patient.rs'],
        organization: 'Organization/1',
        address: '192.0.2.1',
      });
      expect((await readWith(server, body.access_token, '/Patient/chen')).status).toBe(200);
    },
  );

  it('gets what it is registered for, and an error where that is nothing', async () => {
    const sign = () => signAssertion(keys.RS384, 'RS384', audience);
    const some = await ask(await sign(), { scope: 'system/Patient.rs system/Condition.rs user/Patient.rs openid' });
    expect(some.body.scope).toBe('system/Patient.rs');
    for (const scope of ['system/*.rs', 'system/Patient.cruds', 'user/Patient.rs', 'admin']) {
      expect((await ask(await sign(), { scope })).body.error).toBe('invalid_scope');
    }
  });

  it('loses its token with its registration', async () => {
    const own = makeKeys('ES384');
    await register(server, { id: 'passing', kind: 'backend', jwks: own.jwks, organization: 'Organization/1' });
    const { body } = await ask(await signAssertion(own, 'passing', audience));
    expect((await readWith(server, body.access_token, '/Patient/chen')).status).toBe(200);
    await removeClient(server.fhir, 'test', 'passing');
    server.clock.aheadMs += 1000;
    expect((await readWith(server, body.access_token, '/Patient/chen')).status).toBe(401);
  });
});

describe('an assertion', () => {
  it('counts once, also when it comes ten times at once', async () => {
    const assertion = await signAssertion(keys.RS384, 'RS384', audience);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await ask(assertion)).body.error).toBe('invalid_client');
  });

  it.each<[string, { claims?: Record<string, unknown>; header?: Record<string, unknown> }]>([
    ['for another server', { claims: { aud: 'https://evil.example/oidc/token' } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['of another client', { claims: { iss: 'ES384', sub: 'ES384' } }],
    ['about another client', { claims: { sub: 'ES384' } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['that has expired', { claims: { exp: seconds() - 60 } }],
    ['that never expires', { claims: { exp: undefined } }],
    ['that lives for an hour', { claims: { exp: seconds() + 3600 } }],
    ['that is not yet valid', { claims: { nbf: seconds() + 120 } }],
    ['without an id', { claims: { jti: undefined } }],
    ['with an id that is no text', { claims: { jti: { a: 1 } } }],
    ['with keys from elsewhere', { header: { jku: 'https://evil.example/jwks' } }],
    ['with a key of its own', { header: { jwk: keys.ES384.jwks.keys[0] } }],
    ['with an unknown key id', { header: { kid: 'second' } }],
  ])('%s is refused', async (_name, changes) => {
    const { status, body } = await ask(await signAssertion(keys.RS384, 'RS384', audience, changes));
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(body.access_token).toBeUndefined();
  });

  it('signed by another key, by none, or with the public key as a secret is refused', async () => {
    const claims = { iss: 'RS384', sub: 'RS384', aud: audience, exp: seconds() + 240, jti: crypto.randomUUID() };
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const other = makeKeys('RS384');
    const [publicKey] = keys.RS384.jwks.keys;
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(Buffer.from(JSON.stringify(publicKey)));
    const good = await signAssertion(keys.RS384, 'RS384', audience);
    const [header, payload, signature] = good.split('.');
    const forged = [
      await signAssertion(other, 'RS384', audience),
      `${encode({ alg: 'none', kid: 'first' })}.${encode(claims)}.`,
      `${encode({ alg: 'NONE' })}.${encode(claims)}.${signature}`,
      hmac,
      `${header}.${encode({ ...claims, sub: 'ES384', iss: 'ES384' })}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      'not-a-token',
    ];
    for (const assertion of forged) {
      const { status, body } = await ask(assertion);
      expect(status === 400 || status === 401).toBe(true);
      expect(body.access_token).toBeUndefined();
    }
  });

  it('for the name that a request gave the server is refused', async () => {
    const assertion = await signAssertion(keys.RS384, 'RS384', 'http://evil.example/oidc/token');
    const { statusCode } = await server.app.inject({
      method: 'POST',
      url: '/oidc/token',
      headers: {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: assertionType,
        client_assertion: assertion,
      }).toString(),
    });
    expect(statusCode).toBe(401);
  });
});

describe('kinds of clients', () => {
  it('do not take one another’s ways', async () => {
    const app = new SmartApp(server, await register(server, { id: 'app', kind: 'public' }));
    const asSystem = await app.token({ grant_type: 'client_credentials', scope: 'patient/*.rs' });
    expect(asSystem.status).toBe(400);
    const backend = new SmartApp(server, {
      ...app.client,
      id: 'RS384',
    });
    await expect(backend.authorize('doctor', { patient: 'chen' })).rejects.toThrow();
    const password = await app.token({ grant_type: 'password', username: 'doctor', password: 'secret' });
    expect(password.body.error).toBe('unsupported_grant_type');
  });

  it('a confidential application proves itself at each exchange', async () => {
    const own = makeKeys('ES384');
    const app = new SmartApp(server, await register(server, { id: 'desk', kind: 'confidential', jwks: own.jwks }));
    const callback = await app.authorize('doctor', { patient: 'chen' }, { scope: 'launch/patient patient/*.rs' });
    expect((await app.exchange(callback)).status).toBe(401);
    const proof = async (by: Keys) => ({
      client_assertion_type: assertionType,
      client_assertion: await signAssertion(by, 'desk', audience),
    });
    expect((await app.exchange(callback, await proof(keys.ES384))).status).toBe(401);
    expect((await app.exchange(callback, await proof(own))).body).toMatchObject({ patient: 'chen' });
  });

  it('are registered with care', async () => {
    const good = { ...(await register(server, { id: 'good', kind: 'public' })) };
    const refused: [object, string][] = [
      [{ redirectUris: ['http://app.example.org/callback'] }, 'must be https'],
      [{ redirectUris: ['https://app.example.org/*'] }, 'wildcard'],
      [{ redirectUris: ['https://user@app.example.org/'] }, 'without user'],
      [{ redirectUris: ['javascript:alert(1)'] }, 'must be https'],
      [{ redirectUris: [] }, 'needs a redirect URI'],
      [{ scopes: ['system/*.rs'] }, 'Only a backend'],
      [{ scopes: ['admin'] }, 'There is no scope'],
      [{ id: 'a b' }, 'The id'],
      [{ id: '../x' }, 'The id'],
      [{ name: 'A\nB' }, 'The name'],
      [{ kind: 'confidential' }, 'needs its public keys'],
      [{ kind: 'backend', redirectUris: [], scopes: ['user/*.rs'], jwks: keys.RS384.jwks }, 'acts for nobody'],
      [{ kind: 'confidential', jwks: { keys: [keys.RS384.privateKey.export({ format: 'jwk' })] } }, 'private key'],
      [{ kind: 'confidential', jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }, 'private key'],
      [{ id: 'good' }, 'There is a client good already'],
    ];
    for (const [change, message] of refused) {
      const id = crypto.randomUUID();
      await expect(addClient(server.fhir, 'test', { ...good, id, ...change })).rejects.toThrow(message);
    }
  });
});

describe('keys at an address', () => {
  let publisher: Server;
  let published: Keys = makeKeys('ES384');

  beforeAll(async () => {
    publisher = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(published.jwks));
    });
    await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => publisher.close());

  it('are fetched, and fetched again when they change', async () => {
    const jwksUri = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/jwks`;
    await register(server, { id: 'publisher', kind: 'backend', jwksUri });
    const old = published;
    expect((await ask(await signAssertion(old, 'publisher', audience))).status).toBe(200);
    published = makeKeys('ES384', 'second');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    const renewed = await signAssertion(published, 'publisher', audience, { header: { kid: 'second' } });
    expect((await ask(renewed)).status).toBe(200);
    vi.useRealTimers();
  });
});
