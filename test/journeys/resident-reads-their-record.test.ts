import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, settle } from './look.ts';
import { RecordPage } from './pages/record.ts';
import { SignInPage } from './pages/sign-in.ts';
import { type Region, startRegion } from './region.ts';
import { Given, Then, When } from './story.ts';

let region: Region;
let browser: Browser;
let sitting: Sitting;

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
  sitting = await sitDown(browser, region, { size: 'phone' });
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

test('A resident reads her own record on the phone, in everyday words', async () => {
  const { page } = sitting;
  const [door, record] = [new SignInPage(page), new RecordPage(page)];

  await Given('a resident who chooses herself at the door', async () => {
    await door.open();
    await door.choose('林素琴');
    await page.waitForURL('**/me');
  });
  await Then('she sees her allergies, her conditions and her values under names that she knows', async () => {
    await record.entry('Allergies', 'penicillin').getByText('Severe').waitFor();
    await record.entry('Conditions', 'Essential hypertension').waitFor();
    await record.entry('Latest results', 'Long-term sugar (HbA1c)').waitFor();
    await settle(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-own-record-phone', true);
  });
  await Then('every control is large enough for a thumb', async () => {
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, input')]
        .filter((control) => control.checkVisibility() && control.getBoundingClientRect().width > 1)
        .filter((control) => control.getBoundingClientRect().height < 43.5 && !control.closest('.skip'))
        .map((control) => `${control.className} ${control.textContent}`),
    );
    expect(small).toEqual([]);
  });
  await When('she turns to the timeline', () => record.goTo('Timeline'));
  await Then('her visits stand there', async () => {
    await record.occasions().first().waitFor();
    await settle(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});

test('She turns the portal to Chinese and dark, and it stays so', async () => {
  const { page } = sitting;
  await When('she chooses Chinese and dark in the account menu', async () => {
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('radiogroup', { name: 'Language' }).getByText('中文').click();
    await page.getByRole('radiogroup', { name: '外观' }).getByText('深色').click();
    await page.keyboard.press('Escape');
  });
  await Then('the page follows, and another visit finds it so', async () => {
    await page.getByRole('link', { name: '时间轴' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: '时间轴' }).waitFor();
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme])).toEqual([
      'zh-CN',
      'dark',
    ]);
    await settle(page);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-own-timeline-phone-zh-dark');
  });
});

test('She cannot wander into the list of other people from her own room', async () => {
  const { page } = sitting;
  await page.goto('/me');
  await page.locator('.person-banner').waitFor();
  expect(await page.getByRole('link', { name: '居民', exact: true }).count()).toBe(0);
  await page.goto('/people');
  await page.waitForURL('**/me');
});

test('She signs out, and her record is no longer shown', async () => {
  const { page } = sitting;
  await page.getByRole('button', { name: /^账户/ }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.waitForURL('**/sign-in**');
  await page.goto('/me');
  await page.waitForURL('**/sign-in?next=%2Fme');
});

test('The browser had nothing to complain of', () => {
  expect(sitting.complaints).toEqual([]);
});
