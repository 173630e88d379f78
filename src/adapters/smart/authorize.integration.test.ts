import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register, SmartApp } from '#testing/smart-app.ts';
import { fillRecord } from '#testing/smart-record.ts';
import { Browser, type SmartServer, startSmartServer } from '#testing/smart-server.ts';

let server: SmartServer;
let app: SmartApp;

beforeAll(async () => {
  server = await startSmartServer();
  await fillRecord(server);
  app = new SmartApp(server, await register(server, { id: 'app', kind: 'public' }));
});

afterAll(async () => {
  await server.stop();
  expect(server.failures).toEqual([]);
});

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const assertionOf = (client: string) =>
  `${encode({ alg: 'RS384' })}.${encode({ iss: client, sub: client })}.aa&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer`;

const scope = 'openid launch/patient patient/*.rs';
const visit = (parameters: Record<string, string | undefined>) =>
  new Browser(server, 'doctor').visit(app.authorizeUrl({ scope, ...parameters }));

describe('an address to come back to', () => {
  it.each([
    'https://app.example.org/callback/',
    'https://app.example.org/callback/../other',
    'https://app.example.org/callback?next=https://evil.example',
    'https://app.example.org/callback#token',
    'https://app.example.org/callbackx',
    'https://app.example.org/',
    'https://app.example.org',
    'http://app.example.org/callback',
    'https://APP.example.org/callback',
    'https://app.example.org:443/callback',
    'https://app.example.org:8443/callback',
    'https://app.example.org@evil.example/callback',
    'https://user@app.example.org/callback',
    'https://app.example.org.evil.example/callback',
    'https://evil.example/app.example.org/callback',
    'https://sub.app.example.org/callback',
    'https://app.example.org%2F@evil.example/callback',
    'https://app.example.org\\@evil.example/callback',
    'https://app.example.org/callback%00',
    'https://app.example.org/callback\r\nLocation: https://evil.example',
    '//app.example.org/callback',
    'javascript:alert(1)',
    'data:text/html,hello',
    '',
  ])('%j is not taken for the registered one, and nobody is sent there', async (redirectUri) => {
    const { status, location, text, headers } = await visit({ redirect_uri: redirectUri });
    expect(location).toBeUndefined();
    expect(status).toBe(400);
    expect(text).not.toContain('<script');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('must come once', async () => {
    const evil = encodeURIComponent('https://evil.example/');
    const { location, status } = await new Browser(server).visit(`${app.authorizeUrl({ scope })}&redirect_uri=${evil}`);
    expect([location?.host, status]).toEqual([undefined, 400]);
  });
});

describe('a request', () => {
  it.each([
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['without a method, which means plain', { code_challenge_method: undefined }, 'invalid_request'],
    ['with a challenge that is too short', { code_challenge: 'abc' }, 'invalid_request'],
    ['for another server', { aud: 'https://evil.example/fhir' }, 'invalid_request'],
    ['for a server beside this', { aud: 'http://127.0.0.1/fhir/../other' }, 'invalid_request'],
    ['that does not say for which server', { aud: undefined }, 'invalid_request'],
    ['for another resource', { resource: 'https://evil.example/fhir' }, 'invalid_target'],
    ['for nothing the client may have', { scope: 'user/*.cruds system/*.cruds' }, 'invalid_scope'],
    ['that must not ask', { prompt: 'none' }, 'login_required'],
    ['as a JWT', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    ['at an address', { request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
  ])('%s comes back as an error', async (_name, parameters, error) => {
    const { location } = await visit(parameters);
    expect(location?.origin).toBe('https://app.example.org');
    expect(location?.searchParams.get('code')).toBeNull();
    expect(location?.searchParams.get('error')).toBe(error);
    expect(location?.searchParams.get('state')).toBe(app.state);
    expect(location?.searchParams.get('iss')).toBe(`${server.root}/oidc`);
  });

  it.each(['token', 'id_token', 'code id_token', 'code token', 'none'])('for %s gives none', async (responseType) => {
    const { location } = await visit({ response_type: responseType });
    const answer = new URLSearchParams(location?.hash.slice(1) || location?.search);
    expect(answer.get('error')).toMatch(/^(unsupported_response_type|invalid_request)$/);
    for (const name of ['code', 'access_token', 'id_token']) expect(answer.has(name)).toBe(false);
  });

  it('of a client that nobody knows is answered to the person alone', async () => {
    for (const id of ['nobody', '', 'app\r\nx: y', "app' or 1=1--", '<script>alert(1)</script>']) {
      const { location, status, text } = await visit({ client_id: id });
      expect([location, status]).toEqual([undefined, 400]);
      expect(text).not.toContain('<script>');
    }
  });

  it('cannot put lines into headers', async () => {
    const { location, headers } = await visit({ state: 'a\r\nset-cookie: stolen=1', prompt: 'none' });
    expect(location?.searchParams.get('state')).toBe('a\r\nset-cookie: stolen=1');
    expect(JSON.stringify(headers['set-cookie'] ?? '')).not.toContain('stolen');
  });

  it.each<['GET' | 'POST', string, string?]>([
    ['GET', '/oidc/auth?client_id=a%00b&response_type=code'],
    ['GET', '/oidc/auth?client_id=app&response_type=code&state=a%00b'],
    ['POST', '/oidc/token', 'grant_type=refresh_token&refresh_token=a%00b&client_id=app'],
    ['POST', '/oidc/token/introspection', 'token=x&client_id=%00'],
    ['POST', '/oidc/token/revocation', 'token=x&client_id=%00'],
    ['POST', '/oidc/token', `grant_type=client_credentials&client_assertion=${assertionOf('a\0b')}`],
  ])('%s %s %s with a character that no text holds is refused', async (method, url, payload) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await server.app.inject({ method, url, headers, ...(payload && { payload }) });
    expect([400, 401]).toContain(answer.statusCode);
  });

  it('cannot move the server by the headers of a proxy', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'ftp' };
    const { location } = await new Browser(server).visit(app.authorizeUrl({ scope }), { headers });
    expect(location?.origin).toBe(server.root);
    const { body } = await new Browser(server).visit('/oidc/.well-known/openid-configuration', { headers });
    expect(body.issuer).toBe(`${server.root}/oidc`);
    expect(body.token_endpoint).toBe(`${server.root}/oidc/token`);
  });
});

describe('consent', () => {
  it('is given in the browser that began, by a page of the portal', async () => {
    const browser = new Browser(server, 'doctor');
    const uid = await app.begin(browser, { scope });
    const url = `/api/smart/interactions/${uid}/consent`;
    const payload = { patient: 'chen' };
    const elsewhere = await new Browser(server, 'doctor').post(url, payload);
    expect(elsewhere.status).toBe(404);
    for (const headers of [
      {},
      { 'x-meridian-request': 'other' },
      { 'x-meridian-request': 'portal', 'sec-fetch-site': 'cross-site' },
      { 'x-meridian-request': 'portal', 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await browser.visit(url, { method: 'POST', payload, headers })).status).toBe(403);
    }
    const form = {
      method: 'POST',
      payload: 'patient=chen',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    } as const;
    expect((await browser.visit(url, form)).status).toBe(403);
    browser.cookies.delete('person');
    expect((await browser.post(url, payload)).status).toBe(401);
    browser.cookies.set('person', 'doctor');
    expect((await browser.post(url, payload)).status).toBe(200);
  });

  it('is not taken from the cookie of an interaction that was forged', async () => {
    const browser = new Browser(server, 'doctor');
    const uid = await app.begin(browser, { scope });
    const thief = new Browser(server, 'doctor');
    thief.cookies.set('meridian-interaction', uid);
    expect((await thief.visit(`/api/smart/interactions/${uid}`)).status).toBe(404);
    thief.cookies.set('meridian-interaction.sig', 'a'.repeat(27));
    expect((await thief.visit(`/api/smart/interactions/${uid}`)).status).toBe(404);
  });

  it('leaves nobody signed in: the next request asks again, whoever comes', async () => {
    const browser = new Browser(server, 'doctor');
    const uid = await app.begin(browser, { scope });
    const { next } = (await browser.post(`/api/smart/interactions/${uid}/consent`, { patient: 'chen' })).body;
    const first = await app.exchange((await browser.visit(next)).location as URL);
    expect(first.status).toBe(200);
    browser.cookies.set('person', 'resident');
    const again = await app.begin(browser, { scope });
    const view = (await browser.visit(`/api/smart/interactions/${again}`)).body;
    expect(view.person.reference).toBe('Patient/chen');
    const second = (await browser.post(`/api/smart/interactions/${again}/consent`, { patient: 'chen' })).body.next;
    const { location } = await browser.visit(second);
    expect(location?.searchParams.get('code')).toBeTruthy();
  });

  it('that is sent twice leaves one grant, and its answer works once', async () => {
    const browser = new Browser(server, 'doctor');
    const uid = await app.begin(browser, { scope });
    const url = `/api/smart/interactions/${uid}/consent`;
    const before = (await browser.visit('/api/smart/authorizations')).body.authorizations.length;
    await browser.post(url, { patient: 'chen' });
    const { next } = (await browser.post(url, { patient: 'wang' })).body;
    const after = (await browser.visit('/api/smart/authorizations')).body.authorizations;
    expect(after.length).toBe(before + 1);
    const { location } = await browser.visit(next);
    expect((await app.exchange(location as URL)).body.patient).toBe('wang');
    expect((await browser.visit(next)).location).toBeUndefined();
  });

  it.each([
    [{ patient: '../Patient/wang' }, 400],
    [{ patient: ['chen'] }, 400],
    [{ patient: 'chen', scopes: 'user/*.cruds' }, 400],
    [{ patient: 'chen', scopes: ['user/*.cruds', 'system/*.cruds'] }, 400],
    [{ patient: 'x'.repeat(100) }, 400],
  ])('of %j is refused', async (payload, status) => {
    const browser = new Browser(server, 'doctor');
    const uid = await app.begin(browser, { scope });
    const answer = await browser.post(`/api/smart/interactions/${uid}/consent`, payload);
    expect(answer.status).toBe(status);
    expect(answer.body.resourceType).toBe('OperationOutcome');
  });
});

describe('pages of other origins', () => {
  const preflight = (url: string, origin: string) =>
    new Browser(server).visit(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });

  it('of a registered application may call the FHIR service, without cookies', async () => {
    const { status, headers } = await preflight('/fhir/Patient/chen', 'https://app.example.org');
    expect([status, headers['access-control-allow-origin']]).toEqual([204, 'https://app.example.org']);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers.vary).toBe('Origin');
  });

  it.each(['https://evil.example', 'null', 'https://app.example.org.evil.example', 'http://app.example.org'])(
    '%s may not',
    async (origin) => {
      const { headers } = await preflight('/fhir/Patient/chen', origin);
      expect(headers['access-control-allow-origin']).toBeUndefined();
      const published = await new Browser(server).visit('/fhir/.well-known/smart-configuration', {
        headers: { origin },
      });
      expect(published.headers['access-control-allow-origin']).toBe('*');
    },
  );

  it('may fetch tokens for their own client only', async () => {
    const callback = await app.authorize('doctor', { patient: 'chen' }, { scope });
    const form = {
      grant_type: 'authorization_code',
      client_id: 'app',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: 'https://app.example.org/callback',
      code_verifier: app.verifier,
    };
    const fetchToken = (origin: string) =>
      new Browser(server).visit('/oidc/token', {
        method: 'POST',
        payload: new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      });
    const foreign = await fetchToken('https://evil.example');
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([400, undefined]);
    const own = await fetchToken('https://app.example.org');
    expect([own.status, own.headers['access-control-allow-origin']]).toEqual([200, 'https://app.example.org']);
  });
});
