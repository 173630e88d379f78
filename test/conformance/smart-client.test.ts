import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '#testing/smart-app.ts';
import { fillRecord } from '#testing/smart-record.ts';
import { type SmartServer, startSmartServer } from '#testing/smart-server.ts';
import { startBrowser } from '../journeys/browser.ts';
import { type SmartApplication, scope, startApplication } from './smart-application.ts';

let server: SmartServer;
let application: SmartApplication;
let browser: Browser;

beforeAll(async () => {
  server = await startSmartServer();
  await fillRecord(server);
  await server.listen();
  application = await startApplication(`${server.root}/fhir`);
  const { origin } = application;
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
  application?.stop();
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
    await page.goto(`${application.origin}/standalone.html`);
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
    await page.goto(`${application.origin}/standalone.html`);
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
