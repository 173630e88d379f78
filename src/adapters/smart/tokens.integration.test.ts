import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertionType, makeKeys, postForm, readWith, register, SmartApp, signAssertion } from '#testing/smart-app.ts';
import { fillRecord, operatorToken } from '#testing/smart-record.ts';
import { Browser, type SmartServer, startSmartServer } from '#testing/smart-server.ts';

let server: SmartServer;
let app: SmartApp;
let other: SmartApp;

const scopes = ['openid', 'launch/patient', 'patient/*.rs', 'offline_access'];

beforeAll(async () => {
  server = await startSmartServer();
  await fillRecord(server);
  app = new SmartApp(server, await register(server, { id: 'app', kind: 'public', scopes }));
  other = new SmartApp(server, await register(server, { id: 'other', kind: 'public', scopes }));
});

afterAll(async () => {
  await server.stop();
  expect(server.failures).toEqual([]);
});

const authorize = (scope = scopes.join(' ')) => app.authorize('doctor', { patient: 'chen' }, { scope });
const isGood = async (token: string) => {
  server.clock.aheadMs += 1000;
  return (await readWith(server, token, '/Patient/chen')).status === 200;
};

describe('a code', () => {
  it('that comes twice takes back what it has given', async () => {
    const callback = await authorize();
    const { body } = await app.exchange(callback);
    expect(await isGood(body.access_token)).toBe(true);
    expect((await app.exchange(callback)).body.error).toBe('invalid_grant');
    expect(await isGood(body.access_token)).toBe(false);
    expect((await app.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })).status).toBe(400);
  });

  it('that comes ten times at once is good for one, or for none', async () => {
    const callback = await authorize();
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.exchange(callback)));
    const given = answers.filter(({ status }) => status === 200);
    expect(given.length).toBeLessThanOrEqual(1);
    for (const { body } of given) expect(await isGood(body.access_token)).toBe(false);
  });

  it.each([
    ['another verifier', { code_verifier: 'a'.repeat(43) }],
    ['none', { code_verifier: '' }],
    ['a short one', { code_verifier: 'short' }],
    ['another address', { redirect_uri: 'https://app.example.org/callback/' }],
    ['no address', { redirect_uri: '' }],
    ['another client', { client_id: 'other' }],
    ['an unknown client', { client_id: 'nobody' }],
  ])('is worth nothing with %s', async (_name, parameters) => {
    const { status, body } = await app.exchange(await authorize(), parameters);
    expect(status === 400 || status === 401).toBe(true);
    expect(body.access_token).toBeUndefined();
  });

  it('is over after a minute', async () => {
    const callback = await authorize();
    const { pool } = server.fhir;
    await pool.query(`update smart.artifact set payload = payload || '{"exp": 1}' where kind = 'AuthorizationCode'`);
    expect((await app.exchange(callback)).body.error).toBe('invalid_grant');
  });
});

describe('a refresh token', () => {
  const refresh = (token: string, parameters: Record<string, string> = {}) =>
    app.token({ grant_type: 'refresh_token', refresh_token: token, ...parameters });

  it('is replaced by each use, and one that comes again ends them all', async () => {
    const first = (await app.exchange(await authorize())).body;
    const second = (await refresh(first.refresh_token)).body;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second).toMatchObject({ patient: 'chen', scope: scopes.join(' ') });
    expect(await isGood(second.access_token)).toBe(true);
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant');
    expect(await isGood(second.access_token)).toBe(false);
    expect((await refresh(second.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('that comes ten times at once is good for one, or for none', async () => {
    const { body } = await app.exchange(await authorize());
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(body.refresh_token)));
    const given = answers.filter(({ status }) => status === 200);
    expect(given.length).toBeLessThanOrEqual(1);
    for (const one of given) expect(await isGood(one.body.access_token)).toBe(false);
  });

  it('asks for less, never for more', async () => {
    const { body } = await app.exchange(await authorize('launch/patient patient/Observation.rs offline_access'));
    for (const scope of [
      'patient/*.rs',
      'patient/Patient.rs',
      'openid',
      'user/*.rs',
      'launch/patient patient/Observation.cruds',
    ]) {
      expect((await refresh(body.refresh_token, { scope })).body.error).toBe('invalid_scope');
    }
    const less = await refresh(body.refresh_token, { scope: 'launch/patient' });
    expect(less.body.scope).toBe('launch/patient');
  });

  it('is nothing in the hands of another client', async () => {
    const { body } = await app.exchange(await authorize());
    expect((await other.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })).body.error).toBe(
      'invalid_grant',
    );
  });

  it('of a public client says itself whose it is; that of a confidential one does not', async () => {
    const { body } = await app.exchange(await authorize());
    const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
    expect((await postForm(server, '/oidc/token', form)).body).toMatchObject({ patient: 'chen', token_type: 'Bearer' });
    const keys = makeKeys('ES384');
    const desk = new SmartApp(
      server,
      await register(server, { id: 'desk', kind: 'confidential', jwks: keys.jwks, scopes }),
    );
    const proof = {
      client_assertion_type: assertionType,
      client_assertion: await signAssertion(keys, 'desk', `${server.root}/oidc/token`),
    };
    const given = await desk.exchange(await desk.authorize('doctor', { patient: 'chen' }), proof);
    const bare = { grant_type: 'refresh_token', refresh_token: given.body.refresh_token };
    expect((await postForm(server, '/oidc/token', bare)).status).toBe(400);
  });

  it('is not given unless it was asked for and granted', async () => {
    const asked = await app.exchange(await authorize('launch/patient patient/*.rs'));
    expect(asked.body.refresh_token).toBeUndefined();
    const choice = { patient: 'chen', scopes: ['launch/patient', 'patient/*.rs'] };
    const refused = await app.exchange(await app.authorize('doctor', choice, { scope: scopes.join(' ') }));
    expect(refused.body.refresh_token).toBeUndefined();
  });

  it('is worth nothing once the person may no longer act', async () => {
    const { body } = await app.exchange(await authorize());
    const doctor = server.signedIn.get('doctor');
    server.signedIn.delete('doctor');
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
    expect(await isGood(body.access_token)).toBe(false);
    if (doctor) server.signedIn.set('doctor', doctor);
  });
});

describe('revocation', () => {
  it('ends a token within a second, and tells nobody else whether there is one', async () => {
    const { body } = await app.exchange(await authorize());
    const revoke = (client: string, token: string) =>
      postForm(server, '/oidc/token/revocation', { client_id: client, token });
    await revoke('other', body.access_token);
    expect(await isGood(body.access_token)).toBe(true);
    expect((await revoke('app', body.refresh_token)).status).toBe(200);
    expect(await isGood(body.access_token)).toBe(false);
    expect((await revoke('app', 'a-token-that-never-was-there')).status).toBe(200);
  });

  it('comes with the removal of the client', async () => {
    const { removeClient } = await import('./index.ts');
    const passing = new SmartApp(server, await register(server, { id: 'passing', kind: 'public', scopes }));
    const { body } = await passing.exchange(await passing.authorize('doctor', { patient: 'chen' }));
    expect(await isGood(body.access_token)).toBe(true);
    await removeClient(server.fhir, 'test', 'passing');
    expect(await isGood(body.access_token)).toBe(false);
  });
});

describe('introspection', () => {
  const keys = makeKeys('ES384');
  const ask = async (client: string, token: string) =>
    postForm(server, '/oidc/token/introspection', {
      client_id: client,
      client_assertion_type: assertionType,
      client_assertion: await signAssertion(keys, client, `${server.root}/oidc/token`),
      token,
    });

  it('tells the client itself and those who may ask, and nobody else', async () => {
    const backend = { kind: 'backend', jwks: keys.jwks } as const;
    await register(server, { id: 'gateway', introspects: true, ...backend });
    await register(server, { id: 'curious', ...backend });
    const { body } = await app.exchange(await authorize());
    const expected = {
      active: true,
      client_id: 'app',
      scope: scopes.join(' '),
      patient: 'chen',
      fhirUser: `${server.root}/fhir/Practitioner/doctor`,
      iss: `${server.root}/oidc`,
    };
    expect((await ask('gateway', body.access_token)).body).toMatchObject(expected);
    expect((await ask('curious', body.access_token)).body).toEqual({ active: false });
    expect((await ask('gateway', `${body.access_token}x`)).body).toEqual({ active: false });
    const own = await postForm(server, '/oidc/token/introspection', { client_id: 'app', token: body.access_token });
    expect(own.body).toMatchObject({ active: true, patient: 'chen' });
    const foreign = await postForm(server, '/oidc/token/introspection', {
      client_id: 'other',
      token: body.access_token,
    });
    expect(foreign.body).toEqual({ active: false });
    const nobody = await postForm(server, '/oidc/token/introspection', { token: body.access_token });
    expect(nobody.status).toBe(400);
  });
});

describe('a bearer token', () => {
  it.each([
    'Bearer',
    'Bearer ',
    'Bearer short',
    `Bearer ${'a'.repeat(43)}`,
    `Basic ${Buffer.from('doctor:secret').toString('base64')}`,
    'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJkb2N0b3IiLCJzY29wZSI6InVzZXIvKi5jcnVkcyJ9.',
    `Bearer ${'x'.repeat(5000)}`,
    'Bearer a b c',
  ])('is refused as %s', async (authorization) => {
    const { status, body, headers } = await new Browser(server, 'doctor').visit('/fhir/Patient/chen', {
      headers: { authorization },
    });
    expect(status).toBe(401);
    expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] });
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('counts in the header alone', async () => {
    const token = await operatorToken(server);
    expect((await new Browser(server).visit(`/fhir/Patient/chen?access_token=${token}`)).status).toBe(401);
    expect((await readWith(server, token, '/Patient/chen')).status).toBe(200);
  });

  it('is kept by nobody but its client', async () => {
    const { body } = await app.exchange(await authorize());
    const { rows } = await server.fhir.pool.query(
      'select (select string_agg(a::text, chr(10)) from smart.artifact a) || (select string_agg(z::text, chr(10)) from smart."authorization" z) as all',
    );
    const stored: string = rows[0].all;
    expect(stored).toContain('AccessToken');
    for (const secret of [body.access_token, body.refresh_token]) expect(stored).not.toContain(secret);
  });

  it('is swept away once it has expired', async () => {
    const { removeExpired } = await import('./queries.ts');
    const later = new Date(Date.now() + 100 * 24 * 60 * 60 * 1000);
    while ((await removeExpired(server.fhir.pool, later)) > 0);
    const { rows } = await server.fhir.pool.query(
      'select (select count(*) from smart.artifact) + (select count(*) from smart."authorization") as left',
    );
    expect(rows[0].left).toBe('0');
  });
});
