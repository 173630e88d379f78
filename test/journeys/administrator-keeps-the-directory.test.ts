import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, seenText, settle } from './look.ts';
import { type Region, startRegion } from './region.ts';
import { Given, Then, When } from './story.ts';

let region: Region;
let browser: Browser;
let sitting: Sitting;

const personOf = (role: string): string => {
  const person = region.people.find((candidate) => candidate.role === role);
  if (!person) throw new Error(`The region has no ${role}.`);
  return person.id;
};

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
  sitting = await sitDown(browser, region, { person: personOf('administrator') });
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

test('An administrator adds a clinic, is told what is wrong beside the field, puts it right and closes it', async () => {
  const { page } = sitting;
  await Given('the institutions of the region', async () => {
    await page.goto('/directory');
    await page.getByRole('link', { name: /Tonghai County Huizhong Hospital/ }).waitFor();
    await settle(page);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-directory');
  });
  await When('a new clinic is entered with a credit code that was copied wrongly', async () => {
    await page.getByRole('button', { name: 'New institution' }).click();
    await page.getByLabel('Name *', { exact: true }).fill('四街镇新诊所');
    await page.getByLabel('Kind *').click();
    await page.keyboard.type('Clinic');
    await page.locator('.ant-select-item-option', { hasText: /^Clinic$/ }).click();
    await page.getByLabel('Division *').click();
    await page.keyboard.type('tonghai sijie');
    await page.locator('.ant-select-item-option', { hasText: 'Sijie Town' }).click();
    await page.getByLabel('Unified social credit code *').fill('12530423MB0000001A');
    await page.getByRole('button', { name: 'Add institution' }).click();
  });
  await Then('the sentence stands beside the field, which has the focus', async () => {
    await page.getByText('The last character of this unified social credit code would be X').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    await keepScreenshot(page, 'story-directory-fault');
  });
  await When('the code is put right', async () => {
    await page.getByLabel('Unified social credit code *').fill('12530423MB0000001X');
    await page.getByRole('button', { name: 'Add institution' }).click();
  });
  await Then('the clinic is there, in its town', async () => {
    await page.waitForURL(/\/directory\/[0-9a-f-]{36}$/);
    await page.getByRole('heading', { name: '四街镇新诊所' }).waitFor();
    expect(await seenText(page.locator('.directory-facts').first())).toContain('Sijie Town, Tonghai County');
    await settle(page);
    await expectAccessible(page);
  });
  await When('it is closed', async () => {
    await page.getByRole('button', { name: 'Close ...' }).click();
    await page.getByRole('button', { name: 'Close it today' }).click();
  });
  await Then('it says so, and is in the list of closed ones only', async () => {
    await page.getByText('This is closed').waitFor();
    await page.goto('/directory?q=四街镇新诊所');
    await page.getByText('Nothing fits').waitFor();
    await page.goto('/directory?q=四街镇新诊所&state=closed');
    await page.getByRole('link', { name: '四街镇新诊所' }).waitFor();
  });
});

test('A file is tried first, and the report says line by line what to do', async () => {
  const { page } = sitting;
  await page.goto('/directory/import');
  const rows = ['名称,机构类别,等级,行政区划代码,统一社会信用代码', '乙诊所,castle,,1,12530423MB0000001A'];
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'clinics.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  await page.getByRole('button', { name: 'See what would happen' }).click();
  await page.getByText('1 refused').waitFor();
  expect(await seenText(page.locator('.directory-report'))).toContain('"castle" is not in the list of kinds');
  await settle(page);
  await expectAccessible(page);
});

test('A place is opened in the tree, and an old code says what became of it', async () => {
  const { page } = sitting;
  await page.goto('/divisions?code=310119');
  await page.getByRole('button', { name: '310115' }).waitFor();
  await page.getByRole('button', { name: 'Places in Yunnan Province' }).click();
  await page.getByRole('button', { name: 'Places in Yuxi City' }).click();
  await page.getByRole('button', { name: /Tonghai County.*530423/ }).waitFor();
  // Rows that lie half under the bar would be taken for small targets.
  await page.evaluate(() => window.scrollTo(0, 0));
  await settle(page);
  await expectAccessible(page);
});

test('A resident finds the clinic of the village first, on the phone', async () => {
  const person = personOf('resident');
  const resident = await sitDown(browser, region, { person, size: 'phone', language: 'zh-CN' });
  const { page } = resident;
  await page.goto('/care');
  const circles = page.locator('.card-title');
  await circles.nth(1).waitFor();
  expect(await circles.nth(0).textContent()).toMatch(/村|社区/);
  expect(await circles.nth(1).textContent()).toMatch(/镇|街道/);
  await settle(page);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.goto('/directory/staff');
  await page.getByText('register of staff').waitFor();
  expect(resident.complaints.filter((complaint) => !complaint.includes('403'))).toEqual([]);
  await resident.close();
});

test('The browser had nothing to complain of but the refused forms', () => {
  expect(sitting.complaints.filter((complaint) => !complaint.includes('400'))).toEqual([]);
});
