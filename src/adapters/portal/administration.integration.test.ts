import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Access, fullAccess } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { giveRole, standingRoles } from '#modules/account/index.ts';
import { type PortalServer, startPortalServer } from '#testing/portal-server.ts';
import { registerAdministrationRoutes } from './administration-routes.ts';
import { createPortalAuthentication } from './authenticate.ts';

const password = 'three white herons';
const centre = { zh: '杨广镇卫生院', en: 'Yangguang Township Health Centre' };
let server: PortalServer;
let app: FastifyInstance;
let access: Access | undefined;

const actorOf = (role: string) => ({ reference: `Practitioner/${role}`, display: role, role, purpose: 'HSYSADMIN' });

beforeAll(async () => {
  server = await startPortalServer();
  const { accounts } = server;
  app = Fastify();
  app.addHook('onRequest', async (request) => {
    request.access = access;
  });
  await app.register(
    async (api) =>
      registerAdministrationRoutes(api, {
        accounts,
        authentication: createPortalAuthentication(accounts),
        namesOf: async (references) => new Map(references.map((reference) => [reference, centre])),
        demonstration: async () => [],
        providers: [],
        origin: undefined,
        requireBranch: async (_access, roles) => {
          if (roles.some(({ organization }) => organization === 'Organization/elsewhere'))
            throw new Failure('forbidden', 'Elsewhere.');
        },
      }),
    { prefix: '/api/account' },
  );
});

afterAll(async () => {
  await app?.close();
  await server?.stop();
});

const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object) => {
  const answer = await app.inject({ method, url: `/api/account${path}`, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
};

const zhou = {
  name: 'zhou.min',
  reference: 'Practitioner/zhou',
  nameZh: '周敏',
  nameEn: 'Zhou Min',
  role: 'receptionist',
  organization: 'Organization/centre',
};

const addresses = [
  ['GET', '/people'],
  ['POST', '/people'],
  ['POST', '/people/x/roles'],
  ['DELETE', '/people/x/roles/00000000-0000-0000-0000-000000000000'],
  ['POST', '/people/x/lock'],
  ['POST', '/people/x/unlock'],
  ['POST', '/people/x/reset'],
] as const;

describe.each(addresses)('%s %s', (method, path) => {
  test('is for administrators', async () => {
    access = undefined;
    expect((await ask(method, path, method === 'POST' ? zhou : undefined)).status).toBe(401);
    for (const narrowed of [
      fullAccess(actorOf('hospital-physician')),
      { ...fullAccess(actorOf('administrator')), mayRun: () => false },
    ]) {
      access = narrowed;
      const { status, body } = await ask(method, path, method === 'POST' ? zhou : undefined);
      expect(status).toBe(403);
      expect(body.resourceType).toBe('OperationOutcome');
    }
  });
});

describe('an administrator', () => {
  test('adds somebody, gives and ends roles, locks and resets, each once in the trail', async () => {
    access = fullAccess(actorOf('administrator'));
    await server.addPerson({ name: 'keeper', roles: [{ role: 'administrator' }] }, password);
    const added = await ask('POST', '/people', zhou);
    expect(added).toMatchObject({ status: 201, body: { name: 'zhou.min' } });
    const { id, code } = added.body;
    expect((await ask('POST', '/people', zhou)).status).toBe(409);
    await ask('POST', `/people/${id}/roles`, { role: 'index-clerk', organization: 'Organization/centre' });
    const { people } = (await ask('GET', '/people?q=zhoumin')).body;
    expect(people).toMatchObject([
      { id, hasPassword: false, roles: [{ role: 'receptionist', organizationName: centre }, { role: 'index-clerk' }] },
    ]);
    expect(JSON.stringify(people)).not.toMatch(/argon2|passwordAt/);
    await ask('DELETE', `/people/${id}/roles/${people[0].roles[1].id}`);
    expect((await ask('POST', `/people/${id}/lock`)).status).toBe(200);
    const browser = server.browser();
    expect((await browser.post('/sign-in/one-time-code', { name: 'zhou.min', code, password })).status).toBe(403);
    await ask('POST', `/people/${id}/unlock`);
    const reset = await ask('POST', `/people/${id}/reset`);
    expect((await browser.post('/sign-in/one-time-code', { name: 'zhou.min', code, password })).status).toBe(401);
    expect(
      (await browser.post('/sign-in/one-time-code', { name: 'zhou.min', code: reset.body.code, password })).status,
    ).toBe(200);
    const events = server.told.filter(({ actor }) => actor.reference === 'Practitioner/administrator');
    expect(events.map(({ interaction }) => interaction)).toEqual(
      [
        'account-added',
        'role-given',
        'role-given',
        'role-ended',
        'account-locked',
        'account-unlocked',
        'account-reset',
      ].map((event) => `account.${event}`),
    );
  });

  test('cannot lock the last one out', async () => {
    access = fullAccess(actorOf('administrator'));
    const { people } = (await ask('GET', '/people?q=keeper')).body;
    expect((await ask('POST', `/people/${people[0].id}/lock`)).status).toBe(422);
    expect((await ask('DELETE', `/people/${people[0].id}/roles/${people[0].roles[0].id}`)).status).toBe(422);
    expect((await ask('GET', '/people?q=keeper')).body.people[0]).toMatchObject({
      isLocked: false,
      roles: [{ isOver: false }],
    });
  });

  test.each([
    [{ ...zhou, role: 'operator' }],
    [{ ...zhou, role: 'system' }],
    [{ ...zhou, organization: '' }],
    [{ ...zhou, organization: 'Organization/1/../2' }],
    [{ ...zhou, reference: 'Device/1' }],
    [{ ...zhou, name: 'a b' }],
    [{ ...zhou, name: '13800000000' }],
    [{ ...zhou, nameZh: '\u0007' }],
    [{ ...zhou, isLocked: false }],
  ])('is told what is wrong with %j', async (person) => {
    access = fullAccess(actorOf('administrator'));
    expect((await ask('POST', '/people', { ...person, phone: '' })).status).toBe(400);
  });

  test('cannot lock the last two out at once', async () => {
    access = fullAccess(actorOf('administrator'));
    const { id } = await server.addPerson({ name: 'deputy', roles: [{ role: 'administrator' }] }, password);
    const { people } = (await ask('GET', '/people?q=keeper')).body;
    const answers = await Promise.all([ask('POST', `/people/${id}/lock`), ask('POST', `/people/${people[0].id}/lock`)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  test('reads long lists page by page', async () => {
    access = fullAccess(actorOf('administrator'));
    for (let number = 0; number < 60; number++)
      await server.addPerson({ name: `page.${String(number).padStart(2, '0')}` });
    const first = (await ask('GET', '/people?q=page.')).body;
    const second = (await ask('GET', `/people?q=page.&after=${first.next}`)).body;
    expect([first.people.length, second.people.length, second.next]).toEqual([50, 10, null]);
  });
});

test('nobody gives a role to themselves, but at the machine', async () => {
  const own = { reference: 'Practitioner/self', display: 'Self', purpose: 'HSYSADMIN' };
  const other = fullAccess(actorOf('administrator'));
  access = other;
  const added = await ask('POST', '/people', { ...zhou, name: 'self.made', reference: own.reference });
  access = fullAccess({ ...own, role: 'administrator' });
  const roles = `/people/${added.body.id}/roles`;
  const given = await ask('POST', roles, { role: 'hospital-physician', organization: 'Organization/centre' });
  expect(given.status).toBe(403);
  expect(given.body.issue[0].diagnostics).toContain('themselves');
  access = other;
  expect((await ask('POST', roles, { role: 'cashier', organization: 'Organization/centre' })).status).toBe(200);
});

test('what lies outside the branch is neither given nor taken over', async () => {
  const { accounts } = server;
  access = fullAccess(actorOf('administrator'));
  const away = { ...zhou, name: 'away', reference: 'Practitioner/away' };
  expect((await ask('POST', '/people', { ...away, organization: 'Organization/elsewhere' })).status).toBe(403);
  const { body } = await ask('POST', '/people', away);
  const elsewhere = { role: 'pharmacist', organization: 'Organization/elsewhere' } as const;
  expect((await ask('POST', `/people/${body.id}/roles`, elsewhere)).status).toBe(403);
  await giveRole(accounts, actorOf('operator'), body.id, elsewhere);
  for (const what of ['reset', 'lock', 'unlock']) {
    expect([what, (await ask('POST', `/people/${body.id}/${what}`)).status]).toEqual([what, 403]);
  }
  const [held] = (await standingRoles(accounts, body.id)).filter(({ role }) => role === 'pharmacist');
  expect((await ask('DELETE', `/people/${body.id}/roles/${held?.id}`)).status).toBe(403);
  const here = { role: 'cashier', organization: 'Organization/centre' };
  expect((await ask('POST', `/people/${body.id}/roles`, here)).status).toBe(200);
});
