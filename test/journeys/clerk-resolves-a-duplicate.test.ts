import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, seenText, settle } from './look.ts';
import { type Region, startRegion } from './region.ts';

let region: Region;
let browser: Browser;

const person = (id: string, phone: string) => ({
  resourceType: 'Patient',
  id,
  active: true,
  name: [{ use: 'official', text: '司徒静雯' }],
  gender: 'female',
  birthDate: '1983-04-17',
  telecom: [{ system: 'phone', value: phone }],
});

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
  await region.record([
    person('first', '13900001111'),
    person('second', '13900001111'),
    {
      resourceType: 'Condition',
      id: 'of-second',
      subject: { reference: 'Patient/second' },
      code: { text: 'Asthma' },
    } as { resourceType: string; id: string },
  ]);
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

test('A clerk finds that two records are of one person, merges them, and parts them again', async () => {
  const { page, complaints, close } = await sitDown(browser, region, { person: 'index-clerk' });
  // Given a pair on the list.
  await page.goto('/duplicates');
  const pair = page.getByRole('link', { name: /司徒静雯/ });
  const reloaded = async () => {
    await page.reload();
    await settle(page);
    return pair.count();
  };
  await expect.poll(reloaded, { timeout: 20_000, interval: 1000 }).toBe(1);
  await pair.click();
  // When she looks at the evidence, and keeps the first record.
  await page.getByRole('heading', { name: 'What speaks for one person' }).waitFor();
  await settle(page);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await keepScreenshot(page, 'pair-desk-en-light', true);
  await page.getByRole('button', { name: 'Take this pair' }).click();
  await page.getByRole('radio', { name: /keep the first record/ }).check();
  expect(await seenText(page.getByRole('status'))).toMatch(/Moves \d/);
  await page.getByRole('button', { name: 'Merge the second record into the first' }).click();
  expect(await seenText(page.getByText('Say how you know.'))).not.toBe('');
  await page.getByLabel('Reason').fill('Same card, seen at the desk');
  await page.getByRole('button', { name: 'Merge the second record into the first' }).click();
  // Then the pair is gone from the list, and stands among the merges.
  await page.waitForURL('**/duplicates');
  await expect.poll(() => page.getByRole('link', { name: /司徒静雯/ }).count()).toBe(0);
  await page.getByRole('link', { name: 'Merges' }).click();
  await page
    .getByRole('row', { name: /Same card/ })
    .getByRole('link')
    .click();
  // And when she undoes it, both are there again.
  await page.getByRole('button', { name: 'Show what would happen' }).click();
  await page.getByLabel('Reason').fill('Two sisters');
  await page.getByRole('button', { name: /^Undo, and open/ }).click();
  expect(await seenText(page.getByRole('definition').filter({ hasText: 'Two sisters' }))).toContain('Two sisters');
  expect(complaints).toEqual([]);
  await close();
});
