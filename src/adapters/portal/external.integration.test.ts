import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OtherProvider, passThrough, startOtherProvider } from '#testing/identity-provider.ts';
import { type PortalServer, startPortalServer, type TestBrowser } from '#testing/portal-server.ts';

const origin = 'http://localhost';
const redirectUri = `${origin}/portal/api/sign-in/callback`;
const password = 'three white herons';
let other: OtherProvider;
let server: PortalServer;

beforeAll(async () => {
  other = await startOtherProvider(redirectUri);
  const provider = { id: 'health', name: 'Health ID', issuer: other.issuer, clientId: 'meridian' };
  server = await startPortalServer({
    providers: [
      { ...provider, clientSecret: 'a secret of both', provesTwice: false },
      { ...provider, id: 'gone', issuer: 'http://127.0.0.1:1', clientSecret: 'x', provesTwice: false },
    ],
  });
  for (const name of ['lin', 'wu']) {
    await server.addPerson({ name, reference: `Patient/${name}`, roles: [{ role: 'resident' }] }, password);
  }
});

afterAll(async () => {
  await server?.stop();
  await other?.stop();
});

interface Trip {
  cookie: string;
  url: string;
}

async function begin(path: string, browser?: TestBrowser): Promise<Trip> {
  const answer = browser ? await browser.post(path) : await server.app.inject(`/portal/api${path}`);
  const url = 'body' in answer && browser ? answer.body.url : answer.headers.location;
  return { cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '', url: String(url) };
}

const comeBack = (url: string, cookie: string) =>
  server.app.inject({ url: url.slice(origin.length), headers: { cookie, host: 'localhost' } });

test('somebody links an identity, and signs in with it from then on', async () => {
  const browser = server.browser();
  expect((await browser.get('/sign-in')).body.providers).toContainEqual({ id: 'health', name: 'Health ID' });
  await browser.post('/sign-in/password', { name: 'lin', password });
  const link = await begin('/account/identities/health', browser);
  const linked = await comeBack(await passThrough(link.url, redirectUri), link.cookie);
  expect(linked.headers.location).toBe('/account');
  expect((await browser.get('/account')).body.factors.identities).toMatchObject([{ provider: 'health' }]);

  const trip = await begin('/sign-in/providers/health?next=/me');
  expect(new URL(trip.url).searchParams.get('code_challenge_method')).toBe('S256');
  const back = await comeBack(await passThrough(trip.url, redirectUri), trip.cookie);
  expect(back.headers.location).toBe('/sign-in?resume=1&next=%2Fme');
  const resume = String(back.headers['set-cookie']).split(';')[0] ?? '';
  const arrived = server.browser();
  arrived.cookie = resume;
  const done = await arrived.post('/sign-in/resume');
  expect(done.body).toMatchObject({ next: 'done', person: { reference: 'Patient/lin', methods: ['external'] } });
  arrived.cookie = resume;
  expect((await arrived.post('/sign-in/resume')).status).toBe(410);
});

test('an identity that nobody has linked opens nothing', async () => {
  other.subject = 'a stranger';
  const trip = await begin('/sign-in/providers/health');
  const back = await comeBack(await passThrough(trip.url, redirectUri), trip.cookie);
  expect(back.headers.location).toBe('/sign-in?refused=not-found&next=%2F');
});

test('an identity belongs to one account', async () => {
  other.subject = 'somebody';
  const browser = server.browser();
  await browser.post('/sign-in/password', { name: 'wu', password });
  const link = await begin('/account/identities/health', browser);
  const back = await comeBack(await passThrough(link.url, redirectUri), link.cookie);
  expect(back.headers.location).toContain('refused=conflict');
  expect((await browser.get('/account')).body.factors.identities).toEqual([]);
});

test('the way back is that of the browser that went, once, and unchanged', async () => {
  const [mine, theirs] = [await begin('/sign-in/providers/health'), await begin('/sign-in/providers/health')];
  const url = await passThrough(mine.url, redirectUri);
  expect((await comeBack(url, '')).statusCode).toBe(401);
  expect((await comeBack(url, theirs.cookie)).statusCode).toBe(401);
  const tampered = new URL(url);
  tampered.searchParams.set('code', 'another');
  expect((await comeBack(tampered.href, mine.cookie)).statusCode).toBe(401);
  expect((await comeBack(url, mine.cookie)).statusCode).toBe(303);
  expect((await comeBack(url, mine.cookie)).statusCode).toBe(410);
});

test('a provider that is away, or unknown, is told in words', async () => {
  expect((await server.app.inject('/portal/api/sign-in/providers/gone')).statusCode).toBe(503);
  expect((await server.app.inject('/portal/api/sign-in/providers/none')).statusCode).toBe(404);
  const foreign = await server.app.inject({ method: 'POST', url: '/portal/api/sign-in/resume', payload: {} });
  expect(foreign.statusCode).toBe(403);
});
