import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, seenText, settle } from './look.ts';
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

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

/** What a search of the specialist finds, past the page, as her own session. */
async function found(page: Page, search: string): Promise<{ status: number; total: number; texts: string }> {
  const answer = await page.request.get(`/fhir/${search}`);
  const body = (await answer.json()) as { total?: number; entry?: unknown[] };
  return { status: answer.status(), total: body.entry?.length ?? 0, texts: JSON.stringify(body.entry ?? []) };
}

test('A resident opens three months of diabetes data to a specialist, sees her look, and shuts her out', async () => {
  const patient = region.patientId('older-resident');
  const { page: specialist } = await sit({ person: 'hospital-physician' });
  const { page: resident } = await sit({ person: 'older-resident', size: 'phone' });
  const record = new RecordPage(specialist);

  await Given('a specialist before a record that is closed to her', async () => {
    await record.openOf(patient);
    await specialist.getByText('You see who this is, not their record').waitFor();
    expect((await found(specialist, `Condition?patient=${patient}`)).total).toBe(0);
  });
  await When('she asks for diabetes and blood pressure, for half a year', async () => {
    await specialist.getByRole('link', { name: 'Ask for consent' }).first().click();
    await specialist.getByRole('checkbox', { name: 'Diabetes' }).check();
    await specialist.getByRole('checkbox', { name: /hypertension/ }).check();
    await specialist.getByLabel('Until').fill(dayIn(180));
    await specialist.getByLabel('Why, in words').fill('To adjust your sugar medicines before the operation.');
    await settle(specialist);
    await expectAccessible(specialist);
    await keepScreenshot(specialist, 'story-consent-asked', true);
    await specialist.getByRole('button', { name: 'Send the request' }).click();
    await specialist.locator('.consent-entry').first().waitFor();
  });
  await Then('the resident is told on her phone', async () => {
    await resident.goto('/me');
    await resident.getByText('asks to see part of your record').waitFor();
    await settle(resident);
    await expectNoSidewaysScroll(resident);
    await expectAccessible(resident);
    await keepScreenshot(resident, 'story-consent-told-phone', true);
    await resident.getByRole('link', { name: 'My consents' }).click();
  });
  await When('she chooses less: diabetes only, for three months', async () => {
    await resident.getByText('To adjust your sugar medicines').waitFor();
    await resident.getByRole('button', { name: 'Choose less' }).click();
    await resident.getByRole('checkbox', { name: /hypertension/ }).uncheck();
    await resident.getByLabel('Until').fill(dayIn(90));
    await settle(resident);
    await expectNoSidewaysScroll(resident);
    await expectAccessible(resident);
    await keepScreenshot(resident, 'story-consent-narrowed-phone', true);
    await resident.getByRole('button', { name: 'Agree to this' }).click();
    await resident.getByText('Open in part since').waitFor();
  });
  await Then('the specialist sees her diabetes, and nothing else', async () => {
    await specialist.waitForTimeout(1000);
    await record.openOf(patient);
    await record.entry('Problems', /diabetes/i).waitFor();
    await record.entry('Latest results', 'HbA1c').waitFor();
    await settle(specialist);
    await expectAccessible(specialist);
    await keepScreenshot(specialist, 'story-consent-seen', true);
    expect(await seenText(record.card('Problems'))).not.toMatch(/hypertension/i);
    expect((await found(specialist, `Observation?patient=${patient}&code=85354-9`)).total).toBe(0);
  });
  await Then('the resident sees that she looked', async () => {
    await resident.waitForTimeout(1000);
    await resident.goto('/me/accesses');
    await resident.locator('.audit-item').filter({ hasText: 'Li Haojie' }).filter({ hasText: 'Looked at' }).waitFor();
  });
  await When('she takes it back', async () => {
    await resident.goto('/consents');
    await resident.getByRole('button', { name: 'Take back' }).click();
    await resident.getByRole('tooltip').getByRole('button', { name: 'Take back' }).click();
    await resident.getByText('Taken back').waitFor();
    await settle(resident);
    await keepScreenshot(resident, 'story-consent-revoked-phone', true);
  });
  await Then('the next request of the specialist finds nothing, nor does her page', async () => {
    expect((await found(specialist, `Condition?patient=${patient}`)).total).toBe(0);
    await specialist.reload();
    await specialist.getByText('You see who this is, not their record').waitFor();
    expect(await record.card('Problems').count()).toBe(0);
  });
  expect(sittings.flatMap(({ complaints }) => complaints)).toEqual([]);
});

const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
