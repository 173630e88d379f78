import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, settle } from './look.ts';
import { RecordPage } from './pages/record.ts';
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

const reason = 'Unconscious in the emergency room, allergies unknown';

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

test('A physician opens a closed record in an emergency; the resident is told, and a privacy officer judges', async () => {
  const patient = region.patientId('older-resident');
  const { page: physician } = await sit({ person: 'hospital-physician' });
  const { page: resident } = await sit({ person: 'older-resident', size: 'phone', language: 'zh-CN' });
  const { page: officer } = await sit({ person: 'privacy-officer' });
  const record = new RecordPage(physician);

  await Given('a physician before a record that is closed to her', async () => {
    await record.openOf(patient);
    await physician.getByText('You see who this is, not their record').waitFor();
    await settle(physician);
    await expectAccessible(physician);
    await keepScreenshot(physician, 'story-emergency-closed');
  });
  await When('she wants to open it without a word', async () => {
    await physician.getByRole('button', { name: 'Open in an emergency' }).click();
    await physician.getByLabel('Why you need it now').fill('urgent');
    await physician.getByRole('button', { name: 'Open the record' }).click();
  });
  await Then('she is asked for a reason, and nothing opens', async () => {
    await physician.getByText('Write at least 10 characters').waitFor();
    await settle(physician);
    await expectAccessible(physician);
    await keepScreenshot(physician, 'story-emergency-dialog');
    expect((await physician.request.get(`/fhir/AllergyIntolerance?patient=${patient}`)).status()).toBe(200);
    expect(await record.card('Allergies').count()).toBe(0);
  });
  await When('she says why', async () => {
    await physician.getByLabel('Why you need it now').fill(reason);
    await physician.getByRole('button', { name: 'Open the record' }).click();
  });
  await Then('it opens for a limited time, and warns of the penicillin', async () => {
    await physician.getByText(/^Opened in an emergency until \d/).waitFor();
    await record.banner().getByText('penicillin, severe').waitFor();
    await settle(physician);
    await expectAccessible(physician);
    await keepScreenshot(physician, 'story-emergency-open');
  });
  await Then('the resident is told who and why, in Chinese', async () => {
    await resident.goto('/me');
    await resident.getByText(`填写的理由：“${reason}”`).waitFor();
    await settle(resident);
    await expectNoSidewaysScroll(resident);
    await expectAccessible(resident);
    await keepScreenshot(resident, 'story-emergency-told-phone-zh', true);
    await resident.getByRole('link', { name: '谁看过我的档案' }).click();
    await resident.getByText('紧急', { exact: false }).first().waitFor();
  });
  await When('she has what she needs, she closes it', async () => {
    await physician.getByRole('button', { name: 'Close it now' }).click();
    await physician.getByText('You see who this is, not their record').waitFor();
    expect(await record.card('Allergies').count()).toBe(0);
  });
  await When('the privacy officer reviews it', async () => {
    await officer.goto('/administration/emergencies');
    await officer.getByText(reason).waitFor();
    await settle(officer);
    await expectAccessible(officer);
    await keepScreenshot(officer, 'story-emergency-review', true);
    await officer.getByRole('button', { name: 'Judge' }).click();
    await officer.getByRole('button', { name: 'Not justified' }).click();
    await officer.getByText('Say why it was not justified').waitFor();
    await officer.getByLabel('What speaks for or against it').fill('No such patient was in the emergency room.');
    await officer.getByRole('button', { name: 'Not justified' }).click();
  });
  await Then('it is no longer on the list, and stands among what was judged', async () => {
    await officer.getByText('Nothing waits to be judged').waitFor();
    await officer.getByText('Judged', { exact: true }).click();
    await officer.getByText('No such patient was in the emergency room.').waitFor();
  });
  await Then('the resident learns what was found', async () => {
    await resident.goto('/me');
    await resident.getByText('理由不成立').waitFor();
  });
  expect(sittings.flatMap(({ complaints }) => complaints)).toEqual([]);
});
