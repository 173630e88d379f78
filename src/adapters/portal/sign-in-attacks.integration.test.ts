import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorAccess } from '#fhir/access/index.ts';
import { setLock } from '#modules/account/index.ts';
import { codeOfSecret } from '#testing/one-time-code.ts';
import { type PortalServer, startPortalServer } from '#testing/portal-server.ts';

let server: PortalServer;

beforeAll(async () => {
  server = await startPortalServer();
});

afterAll(() => server?.stop());

const password = 'three white herons';
const resident = (name: string) => ({ name, reference: `Patient/${name}`, roles: [{ role: 'resident' as const }] });

let addresses = 0;
/** A browser at an address of its own, so that one attack does not slow down the next. */
const somewhere = () => server.browser(`198.51.100.${++addresses % 250}`);

async function addNurse(name: string): Promise<string> {
  await server.addPerson({ name }, password);
  const browser = somewhere();
  const first = await browser.post('/sign-in/password', { name, password });
  const { body: app } = await browser.post('/sign-in/enrolment', { ticket: first.body.ticket });
  const code = codeOfSecret(app.secret, server.accounts.now());
  await browser.post('/sign-in/enrolment/finish', { ticket: app.ticket, code, name: 'Phone' });
  server.wait(60_000);
  return app.secret;
}

const ticketOf = async (name: string) => (await somewhere().post('/sign-in/password', { name, password })).body.ticket;

describe('guessing passwords', () => {
  test('meets a wall after five, that grows, and that the right password does not pass either', async () => {
    await server.addPerson(resident('victim'), password);
    const waits: number[] = [];
    for (let round = 0; round < 4; round++) {
      const answers = [];
      for (let guess = 0; guess < 7; guess++) {
        answers.push(await somewhere().post('/sign-in/password', { name: 'victim', password: `wrong ${guess}` }));
      }
      const looked = answers.filter(({ status }) => status === 401);
      expect(looked).toHaveLength(round === 0 ? 5 : 1);
      const blocked = await somewhere().post('/sign-in/password', { name: 'victim', password });
      expect(blocked.status).toBe(429);
      waits.push(Number(blocked.headers['retry-after']));
      server.wait(Number(blocked.headers['retry-after']) * 1000);
    }
    expect(waits).toEqual([30, 60, 120, 240]);
    expect((await somewhere().post('/sign-in/password', { name: 'victim', password })).status).toBe(200);
  });

  test('a hundred at once are no more than five', async () => {
    await server.addPerson(resident('crowd'), password);
    const guesses = Array.from({ length: 100 }, (_, guess) =>
      somewhere().post('/sign-in/password', { name: 'crowd', password: `wrong ${guess}` }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(95);
  });

  test('one password at many accounts from one address ends there, and nowhere else', async () => {
    const browser = server.browser('203.0.113.9');
    const statuses: number[] = [];
    for (let name = 0; name < 60; name++) {
      statuses.push((await browser.post('/sign-in/password', { name: `spray.${name}`, password })).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(40);
    await server.addPerson(resident('elsewhere'), password);
    expect((await browser.post('/sign-in/password', { name: 'elsewhere', password })).status).toBe(429);
    expect((await somewhere().post('/sign-in/password', { name: 'elsewhere', password })).status).toBe(200);
  });

  test('does not tell who is known: not by words, not by the wall, not by the clock', async () => {
    const count = 12;
    const known = Array.from({ length: count }, (_, index) => `known.${index}`);
    for (const name of known) await server.addPerson(resident(name), password);
    const times: Record<string, number[]> = { known: [], unknown: [] };
    for (const name of known) {
      for (const kind of ['known', 'unknown'] as const) {
        const start = performance.now();
        const tried = kind === 'known' ? name : `un${name}`;
        const answer = await somewhere().post('/sign-in/password', { name: tried, password: 'not this one' });
        times[kind]?.push(performance.now() - start);
        expect(answer.status).toBe(401);
        expect(answer.body.issue[0].diagnostics).toBe('The name or the password is wrong. Check both and try again.');
      }
    }
    const median = (all: number[] = []) => all.sort((left, right) => left - right)[count / 2] ?? 0;
    // A look into the database alone takes a tenth of what hashing takes.
    const ratio = median(times.unknown) / median(times.known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
    const statuses: number[] = [];
    for (let guess = 0; guess < 6; guess++) {
      statuses.push((await somewhere().post('/sign-in/password', { name: 'nobody at all', password })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

describe('the second factor', () => {
  test('takes a code once, whoever sends it twice, at once or later', async () => {
    const secret = await addNurse('nurse.replay');
    const tickets = await Promise.all([ticketOf('nurse.replay'), ticketOf('nurse.replay')]);
    const code = codeOfSecret(secret, server.accounts.now());
    const answers = await Promise.all(
      tickets.map((ticket) => somewhere().post('/sign-in/second-factor', { ticket, code })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const later = await somewhere().post('/sign-in/second-factor', { ticket: await ticketOf('nurse.replay'), code });
    expect(later.status).toBe(401);
  });

  test('is not guessed: a hundred codes at once are no more than five', async () => {
    await addNurse('nurse.guessed');
    const ticket = await ticketOf('nurse.guessed');
    const codes = Array.from({ length: 100 }, (_, number) => String(number).padStart(6, '0'));
    const answers = await Promise.all(
      codes.map((code) => somewhere().post('/sign-in/second-factor', { ticket, code })),
    );
    expect(answers.filter(({ status }) => status !== 429).length).toBeLessThanOrEqual(5);
    const again = await somewhere().post('/sign-in/second-factor', {
      ticket: await ticketOf('nurse.guessed'),
      code: '000000',
    });
    expect(again.status).toBe(429);
  });

  test.each([
    ['half a minute slow', -30, 200],
    ['half a minute fast', 30, 200],
    ['two minutes slow', -120, 401],
    ['two minutes fast', 120, 401],
  ])('from a telephone whose clock is %s', async (_, seconds, status) => {
    const name = `nurse.clock.${seconds + 200}`;
    const secret = await addNurse(name);
    const code = codeOfSecret(secret, server.accounts.now() + seconds * 1000);
    expect((await somewhere().post('/sign-in/second-factor', { ticket: await ticketOf(name), code })).status).toBe(
      status,
    );
  });

  test('cannot be gone around with the ticket of another step, or of somebody else', async () => {
    await addNurse('nurse.ticket');
    const ticket = await ticketOf('nurse.ticket');
    for (const [path, body] of [
      ['/sign-in/role', { ticket, role: ticket }],
      ['/sign-in/enrolment', { ticket }],
      ['/sign-in/enrolment/finish', { ticket, code: '000000', name: 'Phone' }],
    ] as const) {
      expect((await somewhere().post(path, body)).status).toBe(410);
    }
    await server.addPerson(resident('thief'), password);
    const thief = somewhere();
    await thief.post('/sign-in/password', { name: 'thief', password });
    const { body: app } = await thief.post('/account/authenticators');
    const code = codeOfSecret(app.secret, server.accounts.now());
    const gone = await somewhere().post('/sign-in/enrolment/finish', { ticket: app.ticket, code, name: 'Phone' });
    expect(gone.status).toBe(403);
    await server.addPerson(resident('other'), password);
    const other = somewhere();
    await other.post('/sign-in/password', { name: 'other', password });
    expect(
      (await other.post('/account/authenticators/finish', { ticket: app.ticket, code, name: 'Phone' })).status,
    ).toBe(403);
  });
});

describe('a session', () => {
  test('is never one that was planted', async () => {
    await server.addPerson(resident('fixed'), password);
    const browser = somewhere();
    const planted = `meridian-session=${'A'.repeat(43)}`;
    browser.cookie = planted;
    await browser.post('/sign-in/password', { name: 'fixed', password });
    expect(browser.cookie).not.toBe(planted);
    const before = browser.cookie;
    await browser.post('/sign-in/password', { name: 'fixed', password });
    expect(browser.cookie).not.toBe(before);
    const old = somewhere();
    for (const cookie of [planted, before]) {
      old.cookie = cookie;
      expect((await old.get('/session')).body).toEqual({ person: null });
    }
  });

  test('ends within a second when the account is locked', async () => {
    const { id } = await server.addPerson(resident('locked'), password);
    const browser = somewhere();
    await browser.post('/sign-in/password', { name: 'locked', password });
    await server.addPerson({ ...resident('keeper'), roles: [{ role: 'administrator' }] }, password);
    await setLock(server.accounts, operatorAccess.actor, id, true);
    server.wait(1001);
    expect((await browser.get('/session')).body).toEqual({ person: null });
    expect((await browser.post('/sign-in/password', { name: 'locked', password })).status).toBe(403);
  });

  test.each([
    ['without the header that only the portal sets', { 'x-meridian-request': undefined }],
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a neighbouring host', { 'sec-fetch-site': 'same-site' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from no origin', { origin: 'null' }],
  ])('is not used %s', async (_, headers) => {
    const name = `csrf.${addresses}`;
    await server.addPerson(resident(name), password);
    const browser = somewhere();
    await browser.post('/sign-in/password', { name, password });
    const sent: Record<string, string | undefined> = headers;
    expect(
      (await browser.post('/account/password', { present: password, password: 'four grey herons' }, sent)).status,
    ).toBe(403);
    expect((await somewhere().post('/sign-in/password', { name, password }, sent)).status).toBe(403);
    expect((await browser.get('/account')).status).toBe(200);
  });
});

describe('what is typed', () => {
  test('comes back as text, never as a page, and not into the trail', async () => {
    const script = '<script>alert(1)</script>';
    const answer = await somewhere().post('/sign-in/password', {
      name: `${script}\r\nset-cookie: a=b`,
      password: script,
    });
    expect(answer.status).toBe(401);
    expect(JSON.stringify(answer.body)).not.toContain('script');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(JSON.stringify(server.told)).not.toContain('script');
    await server.addPerson({ ...resident('marked'), display: { zh: script, en: script } }, password);
    const browser = somewhere();
    const { body, headers } = await browser.post('/sign-in/password', { name: 'marked', password });
    expect(body.person.name.zh).toBe(script);
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  test('a browser that calls itself something wild is listed without control characters', async () => {
    await server.addPerson(resident('agent'), password);
    const browser = somewhere();
    await browser.post(
      '/sign-in/password',
      { name: 'agent', password },
      { 'user-agent': `x\u009b31m\u0085${'y'.repeat(900)}` },
    );
    const [session] = (await browser.get('/account')).body.sessions;
    expect(session.agent).toHaveLength(300);
    expect(session.agent).not.toMatch(/\p{C}/u);
  });

  test.each([
    [{ name: 'a', password, role: 'administrator' }],
    [{ name: ['a'], password }],
    [{ name: 'a' }],
    [{ name: 'a\0b', password }],
    [{ name: 'a', password: 'x'.repeat(2000) }],
    [[]],
  ])('%j is refused before it is looked at', async (body) => {
    expect((await somewhere().post('/sign-in/password', body)).status).toBe(400);
  });

  test('nobody comes in as a person of a demonstration where there is none', async () => {
    await server.addPerson({ ...resident('shown'), demonstration: 'shown' });
    expect((await somewhere().post('/sign-in/demonstration', { id: 'shown' })).status).toBe(404);
  });
});
