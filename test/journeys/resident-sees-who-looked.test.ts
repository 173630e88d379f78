import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, settle } from './look.ts';
import { type Region, startRegion } from './region.ts';
import { Given, Then, When } from './story.ts';

let region: Region;
let browser: Browser;
const sittings: Sitting[] = [];

async function sit(reader: Parameters<typeof sitDown>[2]): Promise<Sitting> {
  const sitting = await sitDown(browser, region, reader);
  sittings.push(sitting);
  return sitting;
}

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

test('A resident sees who looked at her record, asks why, and reads the answer', async () => {
  const { page: resident } = await sit({ person: 'older-resident', size: 'phone' });
  const { page: officer } = await sit({ person: 'privacy-officer' });
  const patient = region.patientId('older-resident');

  await Given('a family doctor who opens her record', async () => {
    const { page } = await sit({ person: 'family-doctor' });
    await page.goto(`/people/${patient}`);
    await settle(page);
  });
  await Then('she finds the look a second later, in everyday words', async () => {
    await resident.waitForTimeout(1000);
    await resident.goto('/me/accesses');
    await resident.getByText('Family doctor').first().waitFor();
    await resident
      .getByText(/^Looked at .*your/)
      .first()
      .waitFor();
    await settle(resident);
    await expectNoSidewaysScroll(resident);
    await expectAccessible(resident);
    await keepScreenshot(resident, 'story-who-looked-phone', true);
  });
  await When('she asks about it', async () => {
    await resident
      .getByRole('button', { name: /^Ask about this/ })
      .first()
      .click();
    await resident.getByRole('textbox').fill('I was not there that day. <b>Why?</b>');
    await resident.getByRole('button', { name: 'Send the question' }).click();
    await resident.getByText('The privacy officer has not answered yet.').waitFor();
  });
  await Then('the privacy officer finds the question as she wrote it, and answers', async () => {
    await officer.goto('/administration/trail');
    await officer.getByText('I was not there that day. <b>Why?</b>').waitFor();
    await settle(officer);
    await expectAccessible(officer);
    await keepScreenshot(officer, 'story-to-look-into', true);
    await officer.getByRole('button', { name: 'Judge' }).first().click();
    await officer.getByRole('radio', { name: 'In order' }).check();
    await officer.getByRole('textbox', { name: 'Answer to the resident' }).fill('She prepared your visit.');
    await officer.getByRole('button', { name: 'Save the judgement' }).click();
    await officer.getByText('Nothing to look into').or(officer.getByText('To look into').last()).waitFor();
  });
  await Then('she reads the answer', async () => {
    await resident.reload();
    await resident.getByText('She prepared your visit.').waitFor();
  });
  expect(sittings.flatMap(({ complaints }) => complaints)).toEqual([]);
});
