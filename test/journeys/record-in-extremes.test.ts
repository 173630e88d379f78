import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectNoSidewaysScroll, keepScreenshot, seenText, settle } from './look.ts';
import { PeoplePage } from './pages/people.ts';
import { RecordPage } from './pages/record.ts';
import { type Region, startRegion } from './region.ts';
import { aResident, contractOf, manyVisits } from './residents.ts';
import { Given, Then, When } from './story.ts';

const visits = 240;

let region: Region;
let browser: Browser;
let sitting: Sitting;

const doctor = () => region.referenceOf('family-doctor');

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
  sitting = await sitDown(browser, region, { person: 'family-doctor' });
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

test('A record with hundreds of visits is read to its end, none missing and none twice', async () => {
  const { page } = sitting;
  const record = new RecordPage(page);
  await Given('a resident with years of dialysis', async () => {
    await region.record([aResident('many', '贺春生', 'He Chunsheng'), contractOf('many', doctor())]);
    const resources = manyVisits('many', visits);
    for (let start = 0; start < resources.length; start += 300)
      await region.record(resources.slice(start, start + 300));
  });
  await When('the doctor reads the timeline to its end', async () => {
    await record.openOf('many', '/timeline');
    await expect
      .poll(
        async () => {
          await page.keyboard.press('End');
          return record.occasions().count();
        },
        { timeout: 60_000, interval: 150 },
      )
      .toBe(visits);
  });
  await Then('each visit has its own day and all its results', async () => {
    const days = await page.evaluate(() =>
      [...document.querySelectorAll('.year')].flatMap((year) => {
        const heading = year.querySelector('h2')?.textContent;
        return [...year.querySelectorAll('.occasion:not(.occasion-today) .occasion-date > :first-child')].map(
          (date) => `${date.textContent} ${heading}`,
        );
      }),
    );
    expect(new Set(days).size).toBe(visits);
    expect(await page.locator('.result').count()).toBe(visits * 4);
  });
  await Then('the home page draws the whole trend', async () => {
    await record.openOf('many');
    await record.chart('Blood pressure').locator('svg').waitFor();
    expect(await record.chart('Blood pressure').getAttribute('aria-label')).toContain(`${visits} values`);
  });
});

test('A new record says of each part that nothing is there, and what was never asked', async () => {
  const { page } = sitting;
  const record = new RecordPage(page);
  await region.record([aResident('new', '孟立言', 'Meng Liyan'), contractOf('new', doctor())]);
  await record.openOf('new');
  await record.banner().getByText('Not recorded, please ask').waitFor();
  for (const sentence of [
    'No long-term problems',
    'No long-term medicines',
    'No immunisations',
    'Nothing has been measured',
  ]) {
    await page.getByText(sentence).waitFor();
  }
  await record.goTo('Timeline');
  await page.getByText('No visits yet').waitFor();
});

test('The longest name is never split or cut', async () => {
  const phone = await sitDown(browser, region, { person: 'family-doctor', size: 'phone' });
  const record = new RecordPage(phone.page);
  await region.record([
    aResident('long', '阿依夏木古丽·阿卜杜热合曼·买买提吐尔逊', 'Ayixiamuguli Abudureheman Maimaitituerxun'),
    contractOf('long', doctor()),
  ]);
  await record.openOf('long');
  expect(await seenText(record.banner().locator('.name'))).toContain('阿卜杜热合曼');
  await expectNoSidewaysScroll(phone.page);
  await new PeoplePage(phone.page).open('阿依夏木古丽');
  await phone.page.locator('.people-item').first().waitFor();
  await expectNoSidewaysScroll(phone.page);
  await phone.close();
});

test('Where one part cannot be had, it says why, the rest stays, and trying again helps', async () => {
  const { page } = await sitDown(browser, region, { person: 'family-doctor' });
  const record = new RecordPage(page);
  const outcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'too-costly', diagnostics: 'Ask for fewer results.' }],
  };
  await Given('a server that refuses the results', async () => {
    await page.route('**/fhir/Observation?**', (route) =>
      route.fulfill({ status: 403, contentType: 'application/fhir+json', json: outcome }),
    );
    await record.openOf(region.patientId('older-resident'));
  });
  await Then('the reason stands in words, and the problems beside it', async () => {
    expect(await seenText(record.card('Latest results').getByRole('alert'))).toMatch(
      /Results could not be loaded\s+The server said: Ask for fewer results\./,
    );
    await record.entry('Problems', 'Essential hypertension').waitFor();
  });
  await When('the doctor tries again, and the server answers', async () => {
    await page.unroute('**/fhir/Observation?**');
    await record.card('Latest results').getByRole('button', { name: 'Try again' }).click();
  });
  await Then('the results are there', () => record.entry('Latest results', 'Blood pressure').waitFor());
});

test('A network that is gone is told as such, not as an empty list', async () => {
  const { page } = await sitDown(browser, region, { person: 'family-doctor' });
  await page.route('**/fhir/Patient?**', (route) => route.abort());
  await new PeoplePage(page).open();
  expect(await seenText(page.getByRole('alert'))).toContain('The server could not be reached.');
});

test('At twice the size, every page still fits the window', async () => {
  const { page } = await sitDown(browser, region, { person: 'family-doctor' });
  await page.setViewportSize({ width: 720, height: 450 });
  const record = `/people/${region.patientId('older-resident')}`;
  for (const path of ['/people', record, `${record}/timeline`]) {
    await page.goto(path);
    await settle(page);
    await expectNoSidewaysScroll(page);
    await keepScreenshot(page, `zoomed-${path === '/people' ? 'people' : path === record ? 'record' : 'timeline'}`);
  }
});

test('While the record is on its way, its shape is there within a moment', async () => {
  const { page } = await sitDown(browser, region, { person: 'family-doctor' });
  await page.route('**/fhir/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 4000));
    await route.continue().catch(() => undefined);
  });
  await new RecordPage(page).openOf(region.patientId('older-resident'));
  await page.locator('.person-banner .bone').first().waitFor();
  await keepScreenshot(page, 'record-loading');
  await page.getByText('Still loading. The server answers slowly.').first().waitFor();
});

test('An address without a record, and one without a page, say so', async () => {
  const { page } = await sitDown(browser, region, { person: 'family-doctor' });
  await new RecordPage(page).openOf('nobody');
  await page.getByText('There is no such record').waitFor();
  await page.goto('/no/such/page');
  await page.getByText('There is no such page').waitFor();
  await settle(page);
});

test('The browser had nothing to complain of', () => {
  expect(sitting.complaints).toEqual([]);
});
