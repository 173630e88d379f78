import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createReplayMemory, verifyOffline } from '../../src/modules/health-code/index.ts';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, expectNothingCut, keepScreenshot, settle } from './look.ts';
import { readQrCode } from './read-qr-code.ts';
import { type Region, startRegion } from './region.ts';
import { Given, Then, When } from './story.ts';

let region: Region;
let browser: Browser;
const sittings: Sitting[] = [];

async function sit(reader: Parameters<typeof sitDown>[2]) {
  const sitting = await sitDown(browser, region, reader);
  sittings.push(sitting);
  return sitting.page;
}

async function look(page: Awaited<ReturnType<typeof sit>>, name: string) {
  await settle(page);
  await expectNoSidewaysScroll(page);
  await expectNothingCut(page);
  await expectAccessible(page);
  await keepScreenshot(page, name, true);
}

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

test('A resident shows her code, a hospital opens the visit and a pharmacy the prescriptions', async () => {
  const phone = await sit({ person: 'older-resident', size: 'phone' });
  const counter = await sit({ person: 'hospital-physician' });
  let code = '';

  await Given('a resident who turns on her code', async () => {
    await phone.goto('/code');
    await phone.getByText('Choose what the code may open.').waitFor();
    await look(phone, 'story-code-first-phone');
    for (const scope of ['Who I am', 'My visit', 'My prescriptions']) await phone.getByLabel(scope).check();
    await phone.getByRole('button', { name: 'Turn on the code' }).click();
  });
  await When('she shows it', async () => {
    expect(await phone.getByRole('img', { name: 'QR code of the health code' }).count()).toBe(0);
    await phone.getByRole('button', { name: /Tap to show the code/ }).click();
    await phone.getByRole('img', { name: 'QR code of the health code' }).scrollIntoViewIfNeeded();
    await look(phone, 'story-code-phone');
  });
  await Then('it is read back from a screenshot, and verified by the published key alone', async () => {
    code = await readQrCode(phone);
    const keys = await (await fetch(`${region.address}/.well-known/meridian-health-code-keys`)).json();
    const verdict = verifyOffline(code, keys, { now: Date.now(), memory: createReplayMemory(Date.now) });
    expect(verdict).toMatchObject({ isTaken: true, claims: { scopes: ['identity', 'visit', 'prescriptions'] } });
  });
  await When('the code is scanned at the hospital', async () => {
    await counter.goto('/scan');
    await counter.getByRole('textbox', { name: /Code or the eight digits/ }).fill(code);
    await counter.keyboard.press('Enter');
    await counter.getByRole('button', { name: 'Open the visit' }).click();
    await counter.getByText(/^The visit (is|was) open/).waitFor();
    await look(counter, 'story-code-visit');
  });
  await Then('it is refused the second time', async () => {
    await counter.getByRole('button', { name: 'Scan the next one' }).click();
    await counter.getByRole('textbox', { name: /Code or the eight digits/ }).fill(code);
    await counter.keyboard.press('Enter');
    await counter.getByText('It has been used already.').waitFor();
    await look(counter, 'story-code-replayed');
  });
  await Then('she reads who scanned it, and that it was refused', async () => {
    await phone.reload();
    await phone.getByText(/^Refused: It has been used already/).waitFor();
    await phone.getByRole('button', { name: 'Make a code on paper' }).click();
    await phone.getByRole('img', { name: 'QR code on paper' }).waitFor();
    await look(phone, 'story-code-uses-phone');
  });
  await When('she shows the next one at the pharmacy', async () => {
    await phone.getByRole('button', { name: /Tap to show the code/ }).click();
    await phone.getByRole('img', { name: 'QR code of the health code' }).scrollIntoViewIfNeeded();
    await settle(phone);
    const pharmacy = await sit({ person: 'pharmacist', language: 'zh-CN', theme: 'dark' });
    await pharmacy.goto('/scan');
    await pharmacy.getByRole('textbox', { name: /扫码内容/ }).fill(await readQrCode(phone));
    await pharmacy.keyboard.press('Enter');
    await pharmacy.getByText('待调配处方').waitFor();
    await look(pharmacy, 'story-code-pharmacy-zh-dark');
  });
  await Then('without a connection the phone says so', async () => {
    await phone.context().setOffline(true);
    await phone.getByRole('button', { name: 'Hide the code' }).click();
    await phone.getByRole('button', { name: /Tap to show the code/ }).click();
    await phone.getByText(/No connection/).waitFor();
    await phone.context().setOffline(false);
  });
  const complaints = sittings.flatMap((sitting) => sitting.complaints);
  expect(complaints.filter((complaint) => !/status of 422|ERR_INTERNET_DISCONNECTED/.test(complaint))).toEqual([]);
});
