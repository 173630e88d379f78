import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '#testing/smart-app.ts';
import { fillRecord } from '#testing/smart-record.ts';
import { type SmartServer, startSmartServer } from '#testing/smart-server.ts';
import { startBrowser } from '../journeys/browser.ts';

// The SMART Health IT client library, as those who make applications use it: https://docs.smarthealthit.org/client-js/
const folder = dirname(createRequire(import.meta.url).resolve('fhirclient/package.json'));
const library = readFileSync(join(folder, 'build/fhir-client.js'));

const scope = 'openid fhirUser launch/patient patient/Patient.rs patient/Observation.rs offline_access';

/** An application of three pages: it is opened by itself, opened from a record, and comes back. */
function pagesOf(iss: string): Record<string, string> {
  const page = (script: string) =>
    `<!doctype html><meta charset="utf-8"><title>Application</title><script src="/fhir-client.js"></script><script>${script}</script>`;
  const common = `clientId: 'chart', redirectUri: '/index.html', completeInTarget: true, pkceMode: 'required'`;
  return {
    '/standalone.html': page(`FHIR.oauth2.authorize({ ${common}, iss: '${iss}', scope: '${scope}' })`),
    '/launch.html': page(
      `FHIR.oauth2.authorize({ ${common}, scope: 'openid fhirUser launch patient/Patient.rs patient/Observation.rs' })`,
    ),
    '/index.html': page(`
      FHIR.oauth2.ready().then(async (client) => {
        const patient = await client.patient.read();
        const observations = await client.patient.request('Observation', { flat: true });
        const refreshed = client.state.tokenResponse.refresh_token ? await client.refresh() : undefined;
        const again = await client.patient.read();
        const refused = await client.request('Patient/wang').then(() => 200, (error) => error.status);
        return { patient: patient.id, again: again.id, observations: observations.map(({ id }) => id).sort(), refused,
          encounter: client.encounter.id, user: client.user.fhirUser, hasRefreshed: refreshed !== undefined,
          scope: client.state.tokenResponse.scope };
      }).then((found) => { window.found = found }, (error) => { window.found = { error: String(error) } })`),
  };
}

let server: SmartServer;
let application: Server;
let origin: string;
let browser: Browser;

beforeAll(async () => {
  server = await startSmartServer();
  await fillRecord(server);
  await server.listen();
  const pages = pagesOf(`${server.root}/fhir`);
  application = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = path === '/fhir-client.js' ? library : pages[path];
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': path.endsWith('.js') ? 'text/javascript' : 'text/html',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
  // Another host than that of the server, so that the rules for other origins and sites count.
  origin = `http://localhost:${(application.address() as AddressInfo).port}`;
  await register(server, {
    id: 'chart',
    kind: 'public',
    redirectUris: [`${origin}/index.html`],
    launchUri: `${origin}/launch.html`,
    scopes: [...scope.split(' '), 'launch', 'launch/encounter'],
  });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  application?.close();
  await server.stop();
  expect(server.failures).toEqual([]);
});

async function openAs(person: string): Promise<Page> {
  const context = await browser.newContext();
  await context.addCookies([{ name: 'person', value: person, url: server.root, sameSite: 'Strict' }]);
  return context.newPage();
}

/** What the portal's page does once somebody has agreed. */
async function agree(page: Page, choice: Record<string, unknown>): Promise<void> {
  await page.waitForURL(/\/authorize\?interaction=/);
  await page.evaluate(async (body) => {
    const uid = new URL(location.href).searchParams.get('interaction');
    const answer = await fetch(`/api/smart/interactions/${uid}/consent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-meridian-request': 'portal' },
      body: JSON.stringify(body),
    });
    location.assign((await answer.json()).next);
  }, choice);
}

async function found(page: Page): Promise<unknown> {
  await page.waitForURL(/\/index\.html/);
  await page.waitForFunction(() => 'found' in window);
  return page.evaluate(() => (window as unknown as { found: unknown }).found);
}

describe('the public client library', () => {
  it('launches standalone for a resident, reads, refreshes, and is refused what is not theirs', async () => {
    const page = await openAs('resident');
    await page.goto(`${origin}/standalone.html`);
    await agree(page, { patient: 'chen' });
    expect(await found(page)).toEqual({
      patient: 'chen',
      again: 'chen',
      observations: ['chen-laboratory', 'chen-vital'],
      refused: 403,
      encounter: null,
      user: 'Patient/chen',
      hasRefreshed: true,
      scope,
    });
  });

  it('launches from a record for a doctor', async () => {
    const page = await openAs('doctor');
    await page.goto(server.root);
    const url = await page.evaluate(async () => {
      const answer = await fetch('/api/smart/launch', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-meridian-request': 'portal' },
        body: JSON.stringify({ client: 'chart', patient: 'chen', encounter: 'visit' }),
      });
      return ((await answer.json()) as { url: string }).url;
    });
    await page.goto(url);
    await agree(page, {});
    expect(await found(page)).toMatchObject({
      patient: 'chen',
      observations: ['chen-laboratory', 'chen-vital'],
      refused: 403,
      encounter: 'visit',
      user: 'Practitioner/doctor',
      hasRefreshed: false,
    });
  });

  it('tells the application when the person refuses', async () => {
    const page = await openAs('resident');
    await page.goto(`${origin}/standalone.html`);
    await page.waitForURL(/\/authorize\?interaction=/);
    await page.evaluate(async () => {
      const uid = new URL(location.href).searchParams.get('interaction');
      const headers = { 'x-meridian-request': 'portal' };
      const answer = await fetch(`/api/smart/interactions/${uid}/refuse`, { method: 'POST', headers });
      location.assign((await answer.json()).next);
    });
    expect(await found(page)).toEqual({ error: expect.stringContaining('the person refused') });
  });
});
