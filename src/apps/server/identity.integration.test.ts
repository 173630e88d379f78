import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPortalAuthentication } from '#adapters/portal/index.ts';
import { createToken, type Smart } from '#adapters/smart/index.ts';
import { noTrail } from '#fhir/access/index.ts';
import { createFhir, type Fhir } from '#fhir/assemble.ts';
import { registerFhir } from '#fhir/rest/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createVault } from '#lib/vault.ts';
import { createAccess, loadDataCategories, type Principal } from '#modules/access/index.ts';
import { createCurrentModel, createMatching, matchOperations, mergeOperations } from '#modules/patient-index/index.ts';
import { createTestDatabase } from '#testing/database.ts';
import { openAccounts } from './accounts.ts';
import { registerApi } from './api.ts';
import { readConfig } from './config.ts';
import { healthCodeSettings } from './health-code.ts';
import { identify } from './identity.ts';

const operatorToken = 'an-operator-at-the-machine';

let app: FastifyInstance;
let fhir: Fhir;
let smart: Smart;
const routes: { method: string; url: string; isPublic: boolean }[] = [];
const pools: Pool[] = [];
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  const pool = createPool(database.connectionString, { max: 8, applicationName: 'test' });
  const sidePool = createPool(database.connectionString, { max: 2, applicationName: 'test side' });
  pools.push(pool, sidePool);
  const matching = createMatching(createCurrentModel(pool, Date.now));
  fhir = createFhir({
    pool,
    sidePool,
    baseUrl: 'http://127.0.0.1/fhir',
    now: Date.now,
    operations: [...mergeOperations, ...matchOperations(matching)],
    operatorToken,
  });
  const vault = createVault(randomBytes(32));
  const accounts = await openAccounts(readConfig({}), pool, noTrail, vault);
  app = Fastify({ logger: false, routerOptions: { maxParamLength: 2000 } });
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) routes.push({ method: one, url, isPublic: config?.isPublic === true });
  });
  const access = createAccess({ ...fhir, categories: await loadDataCategories(fhir) });
  const portal = createPortalAuthentication(accounts);
  smart = await identify(app, { fhir, access, portal, vault, operatorToken, log: () => {} });
  const healthCode = { vault, settings: healthCodeSettings(readConfig({})) };
  await app.register(async (api) => registerApi(api, fhir, { matching, healthCode }), { prefix: '/api' });
  await app.register(async (api) => registerFhir(api, fhir), { prefix: '/fhir' });
  await app.ready();
});

afterAll(async () => {
  smart.stop();
  await app.close();
  await Promise.all(pools.map((pool) => pool.end()));
  await drop();
});

const places: Record<string, string> = {
  type: 'Patient',
  id: 'a',
  version: '1',
  operation: '$everything',
  rest: 'b',
  uid: 'a',
  '*': 'nothing',
};

/** Searches over all that one may read, which is nothing here, and a batch that is empty. */
const empty = ['GET /fhir', 'GET /fhir/', 'POST /fhir/Patient/$everything', 'POST /fhir/ValueSet/$batch-validate-code'];

const filled = (url: string) => url.replaceAll(/:(\w+)|\*/g, (place, name) => places[name ?? place] ?? 'a');

/** Every address at which something is offered, one for each operation too. */
function addresses(): { method: string; url: string }[] {
  const offered = routes.filter(({ url, isPublic }) => !isPublic && /^\/(fhir|api)(\/|$)/.test(url));
  const operations = fhir.operations.flatMap(({ name, levels, types }) =>
    levels.map((level) => {
      const type = types?.[0] ?? 'Patient';
      const place = level === 'system' ? '' : level === 'type' ? `/${type}` : `/${type}/a`;
      return { method: 'POST', url: `/fhir${place}/$${name}` };
    }),
  );
  const methods = new Set(['HEAD', 'OPTIONS', 'TRACE', 'QUERY']);
  const listed = offered.filter(({ method }) => !methods.has(method) && method === method.toUpperCase());
  return [...listed.map(({ method, url }) => ({ method, url: filled(url) })), ...operations];
}

async function send({ method, url }: { method: string; url: string }, headers: Record<string, string> = {}) {
  const isJson = ['POST', 'PUT', 'PATCH'].includes(method);
  const answer = await app.inject({
    method: method as 'GET',
    url,
    headers: { ...(isJson && { 'content-type': 'application/json' }), ...headers },
    ...(isJson && { payload: '{"resourceType":"Parameters"}' }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

const tokenOf = (principal: Principal) => createToken(fhir, 'test', { principal, minutes: 5 });

describe('nobody', () => {
  test('is answered 401 everywhere, as an OperationOutcome that says what to do', async () => {
    const all = addresses();
    expect(all.length).toBeGreaterThan(50);
    for (const address of all) {
      const { status, headers, body } = await send(address);
      expect([address.method, address.url, status]).toEqual([address.method, address.url, 401]);
      expect(JSON.parse(body)).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] });
      expect(headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  test('is the holder of a token that is not known, even where a better one would do', async () => {
    for (const address of addresses()) {
      const { status, body } = await send(address, { authorization: `Bearer ${'x'.repeat(43)}` });
      expect([address.url, status]).toEqual([address.url, 401]);
      expect(JSON.parse(body).resourceType).toBe('OperationOutcome');
    }
  });

  test.each(['/fhir/metadata', '/fhir/openapi.json', '/fhir/.well-known/smart-configuration', '/oidc/jwks'])(
    'may read %s',
    async (url) => {
      expect((await send({ method: 'GET', url })).status).toBe(200);
    },
  );
});

describe('somebody without a right', () => {
  test('is answered 403, or nothing at all, everywhere', async () => {
    const principal = { reference: 'Practitioner/a', display: 'A', role: 'researcher', scopes: [] } as const;
    const authorization = `Bearer ${await tokenOf(principal)}`;
    for (const address of addresses().filter(({ url }) => !url.startsWith('/api/smart'))) {
      const { status, body } = await send(address, { authorization });
      const named = `${address.method} ${address.url}`;
      const answer = JSON.parse(body);
      if (status === 200)
        expect([named, empty.includes(named), answer.entry, answer.parameter ?? []]).toEqual([
          named,
          true,
          undefined,
          [],
        ]);
      else {
        // What is not offered, or sent wrongly, is said before it is asked who may.
        expect([named, [400, 403, 404, 415].includes(status)]).toEqual([named, true]);
        expect(answer.resourceType).toBe('OperationOutcome');
      }
      if (address.url.startsWith('/api')) expect([named, status]).toEqual([named, 403]);
    }
  });
});

test('an operator is known by the token of the configuration', async () => {
  const { status } = await send({ method: 'GET', url: '/fhir/Patient' }, { authorization: `Bearer ${operatorToken}` });
  expect(status).toBe(200);
});
