import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { postForm, readWith, register, SmartApp } from '#testing/smart-app.ts';
import { fillRecord } from '#testing/smart-record.ts';
import { Browser, type SmartServer, startSmartServer } from '#testing/smart-server.ts';

let server: SmartServer;
let app: SmartApp;

beforeAll(async () => {
  server = await startSmartServer();
  await fillRecord(server);
  const launchUri = 'https://app.example.org/launch';
  const scopes = ['openid', 'profile', 'fhirUser', 'launch', 'launch/patient', 'launch/encounter', 'patient/*.rs'];
  app = new SmartApp(
    server,
    await register(server, {
      id: 'viewer',
      kind: 'public',
      launchUri,
      scopes: [...scopes, 'offline_access', 'online_access'],
    }),
  );
});

afterAll(async () => {
  await server.stop();
  expect(server.failures).toEqual([]);
});

const standalone = 'openid profile fhirUser launch/patient patient/*.rs';

describe('a standalone launch', () => {
  it('asks a resident, and gives the application their own record', async () => {
    const browser = new Browser(server, 'resident');
    const uid = await app.begin(browser, { scope: standalone });
    expect((await browser.visit(`/api/smart/interactions/${uid}`)).body).toMatchObject({
      application: { id: 'viewer', name: 'Application viewer' },
      person: { reference: 'Patient/chen', role: 'resident' },
      patient: { state: 'needed', id: 'chen' },
      isTrusted: false,
    });
    const consented = await browser.post(`/api/smart/interactions/${uid}/consent`, { patient: 'chen' });
    const callback = (await browser.visit(consented.body.next)).location;
    expect(callback?.origin).toBe('https://app.example.org');
    expect(Object.fromEntries(callback?.searchParams ?? [])).toMatchObject({
      state: app.state,
      iss: `${server.root}/oidc`,
    });
    const answer = await app.exchange(callback as URL);
    expect(answer.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 1800,
      scope: standalone,
      patient: 'chen',
      need_patient_banner: true,
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await readWith(server, answer.body.access_token, '/Patient/chen')).status).toBe(200);
  });

  it('tells the application who has let it in, in an ID token that its keys verify', async () => {
    const callback = await app.authorize('doctor', { patient: 'wang' }, { scope: standalone, nonce: 'once' });
    const { id_token: idToken } = (await app.exchange(callback)).body;
    const keys: JSONWebKeySet = (await new Browser(server).visit('/oidc/jwks')).body;
    expect(keys.keys.every((key) => !('d' in key))).toBe(true);
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      issuer: `${server.root}/oidc`,
      audience: 'viewer',
      algorithms: ['RS256'],
    });
    expect(payload).toMatchObject({
      sub: 'doctor',
      nonce: 'once',
      name: 'Dr Lin',
      fhirUser: `${server.root}/fhir/Practitioner/doctor`,
      amr: ['pwd', 'otp'],
    });
  });

  it('gives nobody a patient whom they may not read', async () => {
    await expect(app.authorize('resident', { patient: 'wang' }, { scope: standalone })).rejects.toThrow(
      'There is no Patient/wang that you may read.',
    );
    await expect(app.authorize('doctor', { patient: 'nobody' }, { scope: standalone })).rejects.toThrow('not-found');
    await expect(app.authorize('doctor', {}, { scope: standalone })).rejects.toThrow('Choose the patient');
  });

  it('leaves out what was refused, and gives nothing that the client is not registered for', async () => {
    const asked = 'openid launch/patient patient/Observation.rs patient/Condition.rs patient/Observation.cud user/*.rs';
    const choice = { patient: 'chen', scopes: ['launch/patient', 'patient/Observation.rs', 'user/*.rs'] };
    const { body } = await app.exchange(await app.authorize('doctor', choice, { scope: asked }));
    expect(body.scope).toBe('launch/patient patient/Observation.rs');
    expect(body.id_token).toBeUndefined();
  });

  it('comes back with access_denied when the person refuses', async () => {
    const browser = new Browser(server, 'resident');
    const uid = await app.begin(browser, { scope: standalone });
    const { next } = (await browser.post(`/api/smart/interactions/${uid}/refuse`)).body;
    const { location } = await browser.visit(next);
    expect(location?.searchParams.get('error')).toBe('access_denied');
    expect(location?.searchParams.get('state')).toBe(app.state);
  });

  it('takes an encounter of that patient only', async () => {
    const scope = `${standalone} launch/encounter`;
    const { body } = await app.exchange(
      await app.authorize('doctor', { patient: 'chen', encounter: 'visit' }, { scope }),
    );
    expect(body).toMatchObject({ patient: 'chen', encounter: 'visit' });
    await expect(app.authorize('doctor', { patient: 'wang', encounter: 'visit' }, { scope })).rejects.toThrow(
      'Encounter/visit is not one of Patient/wang',
    );
  });

  it('puts down who let whom in, for which patient', async () => {
    const granted = server.trail.filter(({ interaction }) => interaction === 'smart.access-granted');
    expect(granted[0]).toMatchObject({
      actor: { reference: 'Patient/chen', client: 'viewer', role: 'resident', purpose: 'PATRQT' },
      patients: ['chen'],
      detail: `viewer: ${standalone}`,
    });
  });
});

describe('a launch from a record', () => {
  const scope = 'openid fhirUser launch patient/*.rs';
  const launch = async (person: string, body: Record<string, unknown>) =>
    new Browser(server, person).post('/api/smart/launch', body);

  it('brings its patient and encounter, once', async () => {
    const { body } = await launch('doctor', { client: 'viewer', patient: 'chen', encounter: 'visit' });
    const url = new URL(body.url);
    expect([url.origin, url.searchParams.get('iss')]).toEqual(['https://app.example.org', `${server.root}/fhir`]);
    const callback = await app.authorize('doctor', { patient: 'wang' }, { scope, launch: body.launch });
    expect((await app.exchange(callback)).body).toMatchObject({ patient: 'chen', encounter: 'visit' });
    await expect(app.authorize('doctor', {}, { scope, launch: body.launch })).rejects.toThrow('The launch is over');
  });

  it('is nobody else’s, no other application’s, and over after five minutes', async () => {
    const other = new SmartApp(server, await register(server, { id: 'other', kind: 'public' }));
    const { body } = await launch('doctor', { client: 'viewer', patient: 'chen' });
    await expect(app.authorize('resident', {}, { scope, launch: body.launch })).rejects.toThrow('conflict');
    await expect(other.authorize('doctor', {}, { scope, launch: body.launch })).rejects.toThrow('conflict');
    await expect(app.authorize('doctor', {}, { scope, launch: 'guessed' })).rejects.toThrow('conflict');
    server.clock.aheadMs = 6 * 60_000;
    await expect(app.authorize('doctor', {}, { scope, launch: body.launch })).rejects.toThrow('conflict');
    server.clock.aheadMs = 0;
  });

  it('is refused for a patient whom one may not read, to nobody, and to pages of others', async () => {
    expect((await launch('resident', { client: 'viewer', patient: 'wang' })).status).toBe(404);
    expect((await launch('nobody', { client: 'viewer', patient: 'wang' })).status).toBe(401);
    const browser = new Browser(server, 'doctor');
    const payload = { client: 'viewer', patient: 'chen' };
    for (const headers of [{}, { 'x-meridian-request': 'portal', 'sec-fetch-site': 'cross-site' }]) {
      expect((await browser.visit('/api/smart/launch', { method: 'POST', payload, headers })).status).toBe(403);
    }
  });

  it('is offered for the applications that have one', async () => {
    const { body } = await new Browser(server, 'doctor').visit('/api/smart/applications');
    expect(body).toEqual({ applications: [{ id: 'viewer', name: 'Application viewer' }] });
  });
});

describe('what was granted', () => {
  it('is listed for whoever granted it, and ends when they take it back', async () => {
    const scope = `${standalone} offline_access`;
    const { body } = await app.exchange(await app.authorize('resident', { patient: 'chen' }, { scope }));
    const browser = new Browser(server, 'resident');
    const [latest] = (await browser.visit('/api/smart/authorizations')).body.authorizations;
    expect(latest).toMatchObject({ client: 'viewer', patient: 'chen', isOffline: true });
    const remove = (person: string) =>
      new Browser(server, person).visit(`/api/smart/authorizations/${latest.id}`, {
        method: 'DELETE',
        headers: { 'x-meridian-request': 'portal' },
      });
    expect((await remove('doctor')).status).toBe(404);
    expect((await readWith(server, body.access_token, '/Patient/chen')).status).toBe(200);
    expect((await remove('resident')).body).toEqual({ ended: 1 });
    expect(server.trail.at(-1)).toMatchObject({ interaction: 'smart.access-taken-back', patients: ['chen'] });
    server.clock.aheadMs += 1000;
    expect((await readWith(server, body.access_token, '/Patient/chen')).status).toBe(401);
    expect((await app.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })).status).toBe(400);
  });

  it('ends with the session, unless it is offline', async () => {
    const online = await app.exchange(
      await app.authorize('doctor', { patient: 'chen' }, { scope: `${standalone} online_access` }),
    );
    const offline = await app.exchange(
      await app.authorize('doctor', { patient: 'chen' }, { scope: `${standalone} offline_access` }),
    );
    const doctor = server.signedIn.get('doctor');
    if (!doctor) throw new Error('The doctor has gone.');
    server.signedIn.set('doctor', { ...doctor, session: 'another' });
    server.clock.aheadMs += 1000;
    expect((await readWith(server, online.body.access_token, '/Patient/chen')).status).toBe(401);
    expect((await readWith(server, offline.body.access_token, '/Patient/chen')).status).toBe(200);
    const refresh = (token: string) => app.token({ grant_type: 'refresh_token', refresh_token: token });
    expect((await refresh(online.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await refresh(offline.body.refresh_token)).body).toMatchObject({ patient: 'chen', token_type: 'Bearer' });
    server.signedIn.set('doctor', doctor);
  });
});

test('each step may come to another process', async () => {
  const beside = await startSmartServer(server);
  const [first, second] = [new Browser(server, 'doctor'), new Browser(beside, 'doctor')];
  const uid = await app.begin(first, { scope: standalone });
  for (const [name, value] of first.cookies) second.cookies.set(name, value);
  const { next } = (await second.post(`/api/smart/interactions/${uid}/consent`, { patient: 'chen' })).body;
  for (const [name, value] of second.cookies) first.cookies.set(name, value);
  const callback = (await first.visit(next)).location as URL;
  const form = {
    grant_type: 'authorization_code',
    client_id: 'viewer',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: app.client.redirectUris[0] ?? '',
    code_verifier: app.verifier,
  };
  const { body } = await postForm(beside, '/oidc/token', form);
  expect(body.patient).toBe('chen');
  expect((await readWith(server, body.access_token, '/Patient/chen')).status).toBe(200);
  await postForm(beside, '/oidc/token/revocation', { client_id: 'viewer', token: body.access_token });
  server.clock.aheadMs += 1000;
  expect((await readWith(server, body.access_token, '/Patient/chen')).status).toBe(401);
  expect(beside.failures).toEqual([]);
  await beside.stop();
});
