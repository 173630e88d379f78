import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NewRole } from '#modules/account/index.ts';
import { codeOfSecret } from '#testing/one-time-code.ts';
import { type PortalServer, startPortalServer, type TestBrowser } from '#testing/portal-server.ts';

let server: PortalServer;

beforeAll(async () => {
  server = await startPortalServer();
});

afterAll(() => server?.stop());

const password = 'three white herons';

/** Signs a nurse in for the first time, which sets up her second factor. */
async function enrol(browser: TestBrowser, name: string): Promise<{ secret: string; recoveryCodes: string[] }> {
  const first = await browser.post('/sign-in/password', { name, password });
  expect(first.body).toMatchObject({ next: 'enrol' });
  const { body: app } = await browser.post('/sign-in/enrolment', { ticket: first.body.ticket });
  expect(app.uri).toContain(app.secret);
  const code = codeOfSecret(app.secret, server.accounts.now());
  const done = await browser.post('/sign-in/enrolment/finish', { ticket: app.ticket, code, name: 'My phone' });
  expect(done.body).toMatchObject({ next: 'done', person: { role: 'public-health-nurse' } });
  server.wait(60_000);
  return { secret: app.secret, recoveryCodes: done.body.recoveryCodes };
}

describe('a nurse', () => {
  test('sets her password with the code that she was given, once, and a second factor at her first sign-in', async () => {
    const { code } = await server.addPerson({ name: 'li.na' });
    const browser = server.browser();
    expect((await browser.post('/sign-in/password', { name: 'li.na', password })).status).toBe(401);
    const set = await browser.post('/sign-in/one-time-code', { name: 'Li.Na ', code: code.toLowerCase(), password });
    expect(set.body).toMatchObject({ next: 'enrol' });
    expect((await browser.post('/sign-in/one-time-code', { name: 'li.na', code, password })).status).toBe(401);
    const { recoveryCodes } = await enrol(browser, 'li.na');
    expect(recoveryCodes).toHaveLength(10);
    expect((await browser.get('/session')).body.person).toMatchObject({ reference: 'Practitioner/li.na' });
  });

  test('signs in with password and code, sees where she is signed in, and out', async () => {
    await server.addPerson({ name: 'wang.fang', phone: '138-0000-0001' }, password);
    const browser = server.browser();
    const { secret } = await enrol(browser, 'wang.fang');
    const other = server.browser();
    const first = await other.post('/sign-in/password', { name: '13800000001', password });
    expect(first.body).toMatchObject({ next: 'second-factor', factors: ['authenticator', 'recovery-code'] });
    expect((await other.get('/session')).body).toEqual({ person: null });
    const code = codeOfSecret(secret, server.accounts.now());
    const done = await other.post('/sign-in/second-factor', { ticket: first.body.ticket, code });
    expect(done.body.next).toBe('done');
    expect(JSON.stringify(done.body)).not.toContain(other.cookie.split('=')[1]);

    const { body } = await browser.get('/account');
    expect(body.sessions).toHaveLength(2);
    expect(body.sessions.filter((session: { isThis: boolean }) => session.isThis)).toHaveLength(1);
    expect((await browser.remove('/account/sessions/others')).body).toEqual({ ended: 1 });
    expect((await other.get('/session')).body).toEqual({ person: null });
    await browser.remove('/session');
    expect((await browser.get('/account')).status).toBe(401);
    expect(server.told.map(({ interaction }) => interaction)).toEqual(
      expect.arrayContaining([
        'account.signed-in',
        'account.factor-added',
        'account.sessions-ended',
        'account.signed-out',
      ]),
    );
  });

  test('comes in with a code that she wrote down, once', async () => {
    await server.addPerson({ name: 'zhao.min' }, password);
    const { recoveryCodes } = await enrol(server.browser(), 'zhao.min');
    const tryCode = async (code: string) => {
      const browser = server.browser();
      const { body } = await browser.post('/sign-in/password', { name: 'zhao.min', password });
      return (await browser.post('/sign-in/second-factor', { ticket: body.ticket, code })).status;
    };
    expect(await tryCode(recoveryCodes[0]?.toLowerCase() ?? '')).toBe(200);
    expect(await tryCode(recoveryCodes[0] ?? '')).toBe(401);
  });

  test('with two roles chooses one, and switches without signing in again', async () => {
    const roles: NewRole[] = [
      { role: 'public-health-nurse', organization: 'Organization/centre' },
      { role: 'receptionist', organization: 'Organization/hospital' },
      { role: 'index-clerk', organization: 'Organization/hospital', until: server.accounts.now() + 10_000 },
    ];
    await server.addPerson({ name: 'sun.li', roles }, password);
    server.wait(20_000);
    const browser = server.browser();
    const first = await browser.post('/sign-in/password', { name: 'sun.li', password });
    const { body: app } = await browser.post('/sign-in/enrolment', { ticket: first.body.ticket });
    const code = codeOfSecret(app.secret, server.accounts.now());
    const { body: choice } = await browser.post('/sign-in/enrolment/finish', {
      ticket: app.ticket,
      code,
      name: 'Phone',
    });
    expect(choice).toMatchObject({ next: 'choose-role', recoveryCodes: expect.any(Array) });
    expect(choice.roles.map(({ role }: { role: string }) => role)).toEqual(['public-health-nurse', 'receptionist']);
    const [nurse, receptionist] = choice.roles;
    const done = await browser.post('/sign-in/role', { ticket: choice.ticket, role: receptionist.id });
    expect(done.body.person.role).toBe('receptionist');
    const before = browser.cookie;
    expect((await browser.post('/session/role', { role: nurse.id })).body.person.role).toBe('public-health-nurse');
    expect(browser.cookie).not.toBe(before);
    expect((await browser.post('/session/role', { role: first.body.ticket })).status).toBe(403);
  });
});

test('a resident comes in with the password alone, unless they want a second factor', async () => {
  await server.addPerson({ name: 'resident', reference: 'Patient/1', roles: [{ role: 'resident' }] }, password);
  const browser = server.browser();
  expect((await browser.post('/sign-in/password', { name: 'resident', password })).body.next).toBe('done');
  const { body: app } = await browser.post('/account/authenticators');
  const code = codeOfSecret(app.secret, server.accounts.now());
  const added = await browser.post('/account/authenticators/finish', { ticket: app.ticket, code, name: 'Phone' });
  expect(added.body.recoveryCodes).toHaveLength(10);
  const again = await server.browser().post('/sign-in/password', { name: 'resident', password });
  expect(again.body.next).toBe('second-factor');
  const { body } = await browser.get('/account');
  const { id } = body.factors.authenticators[0];
  expect((await browser.remove(`/account/factors/authenticator/${id}`)).status).toBe(200);
});

test('a new password ends every other session, and needs the present one', async () => {
  await server.addPerson({ name: 'zhou', reference: 'Patient/2', roles: [{ role: 'resident' }] }, password);
  const [here, there] = [server.browser(), server.browser()];
  for (const browser of [here, there]) await browser.post('/sign-in/password', { name: 'zhou', password });
  expect((await here.post('/account/password', { present: 'wrong words', password: 'four grey herons' })).status).toBe(
    422,
  );
  expect((await here.post('/account/password', { present: password, password: 'password12' })).status).toBe(422);
  expect((await there.get('/account')).status).toBe(200);
  expect((await here.post('/account/password', { present: password, password: 'four grey herons' })).status).toBe(200);
  expect((await there.get('/account')).status).toBe(401);
  expect((await here.get('/account')).status).toBe(200);
});

test('a session ends when nothing is heard, and after half a day in any case', async () => {
  await server.addPerson({ name: 'qian', reference: 'Patient/3', roles: [{ role: 'resident' }] }, password);
  const idle = server.browser();
  await idle.post('/sign-in/password', { name: 'qian', password });
  server.wait(31 * 60_000);
  expect((await idle.get('/session')).body).toEqual({ person: null });
  const busy = server.browser();
  await busy.post('/sign-in/password', { name: 'qian', password });
  let minutes = 0;
  while ((await busy.get('/session')).body.person !== null) {
    server.wait(20 * 60_000);
    minutes += 20;
  }
  expect(minutes).toBe(12 * 60);
});
