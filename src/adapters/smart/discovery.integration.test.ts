import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser, type SmartServer, startSmartServer } from '#testing/smart-server.ts';
import { readSigningKeys } from './signing-keys.ts';

let server: SmartServer;

beforeAll(async () => {
  server = await startSmartServer();
});

afterAll(() => server.stop());

const get = async (url: string) => (await new Browser(server).visit(url)).body;

test('what is said of the server agrees wherever it is said', async () => {
  const smart = await get('/fhir/.well-known/smart-configuration');
  const openid = await get('/oidc/.well-known/openid-configuration');
  const names = [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'introspection_endpoint',
    'revocation_endpoint',
    'jwks_uri',
  ];
  for (const name of names) expect([name, smart[name]]).toEqual([name, openid[name]]);
  expect(openid.code_challenge_methods_supported).toEqual(['S256']);
  expect(openid.response_types_supported).toEqual(['code']);
  expect(openid.id_token_signing_alg_values_supported).toEqual(['RS256']);
  expect(openid.token_endpoint_auth_methods_supported.sort()).toEqual(['none', 'private_key_jwt']);
  expect(openid.authorization_response_iss_parameter_supported).toBe(true);
  expect([...openid.grant_types_supported].sort()).toEqual([
    'authorization_code',
    'client_credentials',
    'refresh_token',
  ]);
  for (const name of ['registration_endpoint', 'userinfo_endpoint', 'device_authorization_endpoint']) {
    expect(openid[name]).toBeUndefined();
  }
  const [rest] = (await get('/fhir/metadata')).rest;
  const uris = rest.security.extension[0].extension;
  expect(
    Object.fromEntries(uris.map(({ url, valueUri }: { url: string; valueUri: string }) => [url, valueUri])),
  ).toEqual({
    authorize: smart.authorization_endpoint,
    token: smart.token_endpoint,
    introspect: smart.introspection_endpoint,
    revoke: smart.revocation_endpoint,
  });
});

test('it claims what SMART asks of a server that does all of it', async () => {
  const { capabilities } = await get('/fhir/.well-known/smart-configuration');
  for (const one of [
    'launch-ehr',
    'launch-standalone',
    'client-public',
    'client-confidential-asymmetric',
    'permission-v2',
  ]) {
    expect(capabilities).toContain(one);
  }
});

test('keys outlive a restart, are the same in all processes, and are replaced after ninety days', async () => {
  const published = (await get('/oidc/jwks')).keys.map(({ kid }: { kid: string }) => kid);
  const { pool } = server.fhir;
  const at = (days: number) => ({ pool, vault: server.vault, now: () => Date.now() + days * 24 * 60 * 60 * 1000 });
  const kidsAt = async (days: number) => (await readSigningKeys(at(days))).map(({ kid }) => kid);
  expect(await kidsAt(0)).toEqual(published);
  expect(await kidsAt(89)).toEqual(published);
  const together = await Promise.all(Array.from({ length: 5 }, () => kidsAt(90.5)));
  expect(together[0]).toHaveLength(2);
  expect(together[0]?.[0]).toBe(published[0]);
  for (const kids of together) expect(kids).toEqual(together[0]);
  // A new key is published a while before it signs.
  expect((await kidsAt(90.6))[0]).toBe(together[0]?.[1]);
  expect(await kidsAt(92)).toEqual([together[0]?.[1]]);
  const { rows } = await pool.query('select sealed from smart.signing_key');
  for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toContain('"kty"');
});
