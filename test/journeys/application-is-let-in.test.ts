import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmartApplication, scope, startApplication } from '../conformance/smart-application.ts';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, settle } from './look.ts';
import { type Region, startRegion } from './region.ts';
import { Given, Then, When } from './story.ts';

let region: Region;
let browser: Browser;
let application: SmartApplication;
let sitting: Sitting;

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
  application = await startApplication(`${region.address}/fhir`);
  const { origin } = application;
  const client = ['client', 'add', 'chart', '--kind', 'public', '--name', 'Growth chart', '--scope', `${scope} launch`];
  const addresses = ['--redirect', `${origin}/index.html`, '--launch', `${origin}/launch.html`];
  const program = fileURLToPath(new URL('../../src/apps/cli/main.ts', import.meta.url));
  execFileSync(process.execPath, [program, ...client, ...addresses], {
    env: { PATH: '/usr/bin:/bin', MERIDIAN_DATA: region.folder },
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  application?.stop();
  await region?.stop();
});

const found = (page: Sitting['page']) =>
  page
    .waitForFunction(() => (window as unknown as { found?: unknown }).found)
    .then((handle) => handle.jsonValue() as Promise<Record<string, unknown>>);

test('A resident lets an application see her results, and shuts it out again', async () => {
  const own = region.patientId('older-resident');
  await Given('a resident on her phone who opens an application', async () => {
    sitting = await sitDown(browser, region, { person: 'older-resident', size: 'phone' });
    await sitting.page.goto(`${application.origin}/standalone.html`);
    await sitting.page.getByRole('button', { name: 'Allow', exact: true }).waitFor();
  });
  const { page } = sitting;
  await Then('she is told in plain words what it wants', async () => {
    await page.getByText('May Growth chart do this for you?').waitFor();
    await page.getByText('See test results and measurements').waitFor();
    await settle(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-application-asks-phone', true);
  });
  await When('she allows it', () => page.getByRole('button', { name: 'Allow', exact: true }).click());
  await Then('it reads her record and nobody else’s', async () => {
    const { patient, observations, error } = await found(page);
    expect(error).toBeUndefined();
    expect(patient).toBe(own);
    expect((observations as string[]).length).toBeGreaterThan(0);
  });
  await When('she takes it back under her account', async () => {
    await page.goto(`${region.address}/account`);
    await page.getByText('Growth chart').waitFor();
    await settle(page);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-application-granted-phone', true);
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('No application acts for you.').waitFor();
  });
  await Then('a second later it is refused', async () => {
    await page.waitForTimeout(1000);
    await page.goto(`${application.origin}/index.html`);
    expect(`${(await found(page)).error}`).toMatch(/401|Unauthorized|refresh/i);
  });
  // What the application reads that is not there, and what it is refused in the end, is meant to be.
  const meant = /Patient\/wang|status of 40[01]/;
  expect(sitting.complaints.filter((one) => one.includes(region.address) && !meant.test(one))).toEqual([]);
  await sitting.close();
});

test('A doctor opens an application on the patient before her', async () => {
  const patient = region.patientId('older-resident');
  await Given('a family doctor in a record', async () => {
    sitting = await sitDown(browser, region, { person: 'family-doctor' });
    await sitting.page.goto(`${region.address}/people/${patient}`);
    await sitting.page.getByRole('button', { name: 'Growth chart' }).waitFor();
    await settle(sitting.page);
    await expectAccessible(sitting.page);
    await keepScreenshot(sitting.page, 'story-application-in-record');
  });
  const opened = sitting.page.waitForEvent('popup');
  await When('she opens it in the application and allows it', async () => {
    await sitting.page.getByRole('button', { name: 'Growth chart' }).click();
    const tab = await opened;
    await tab.getByRole('button', { name: 'Allow', exact: true }).click();
  });
  await Then('it shows that patient', async () => {
    const shown = await found(await opened);
    expect(shown.error).toBeUndefined();
    expect(shown.patient).toBe(patient);
  });
  await sitting.close();
});
