import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, keepScreenshot, seenText, settle } from './look.ts';
import { PeoplePage } from './pages/people.ts';
import { RecordPage } from './pages/record.ts';
import { SignInPage } from './pages/sign-in.ts';
import { type Region, startRegion } from './region.ts';
import { Given, Then, When } from './story.ts';

let region: Region;
let browser: Browser;
let sitting: Sitting;

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
  sitting = await sitDown(browser, region);
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

test('A family doctor signs in, finds a resident by pinyin and knows at one glance what matters', async () => {
  const { page } = sitting;
  const [door, people, record] = [new SignInPage(page), new PeoplePage(page), new RecordPage(page)];

  await Given('a family doctor at the door, who is told that this sign-in is a stand-in', async () => {
    await door.open();
    await page.waitForURL('**/sign-in**');
    await door.notice().waitFor();
    await door.look('family doctor');
    expect(await door.people()).toHaveLength(1);
  });
  await When('she chooses herself', async () => {
    await door.choose('Family doctor');
    await page.waitForURL('**/people');
    await people.found(200);
  });
  await When('she types the pinyin of a name', async () => {
    await people.search('linsuqin');
    await people.found(1);
    expect(await people.names()).toEqual(['林素琴']);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-search-found');
  });
  await When('she opens the record with the keyboard', async () => {
    await people.openWithKeys();
    await page.waitForURL(`**/people/${region.patientId('older-resident')}`);
  });
  await Then('the banner warns of the penicillin allergy', async () => {
    await record.banner().getByText('penicillin, severe').waitFor();
    expect(await seenText(record.banner())).toMatch(/林素琴\s+Lin Suqin/);
  });
  await Then('problems, medicines and the last values stand with date and source', async () => {
    expect(await seenText(record.entry('Problems', 'Essential hypertension'))).toMatch(/I10, since Mar 2014/);
    expect(await seenText(record.entry('Long-term medicines', 'Amlodipine 5 mg'))).toMatch(/\d{4}/);
    expect(await seenText(record.entry('Latest results', 'Blood pressure'))).toMatch(
      /\d+ \w{3} 20\d\d[\s\S]+\d+\/\d+[\s\S]*mmHg\s+goal < 140\/90/,
    );
  });
  await Then('the trend of her blood pressure is drawn, and stands as a table behind it', async () => {
    await record.chart('Blood pressure').locator('svg').waitFor();
    await settle(page);
    await keepScreenshot(page, 'story-record', true);
    await record.showTable('Blood pressure');
    expect(await record.card('Blood pressure').getByRole('row').count()).toBeGreaterThan(10);
  });
});

test('She reads what happened at each visit, and only the results', async () => {
  const { page } = sitting;
  const record = new RecordPage(page);

  await Given('the record of the resident', () => record.openOf(region.patientId('older-resident')));
  await When('she turns to the timeline', () => record.goTo('Timeline'));
  await Then('visits stand by year with place, clinician and what was recorded', async () => {
    const visit = record.occasions().filter({ hasText: 'Chronic disease follow-up' }).first();
    expect(await seenText(visit)).toMatch(/Outpatient[\s\S]+Blood pressure\s+\d+\/\d+/);
    await settle(page);
    await expectAccessible(page);
  });
  await When('she scrolls down', async () => {
    const before = await record.occasions().count();
    await page.keyboard.press('End');
    await expect.poll(() => record.occasions().count()).toBeGreaterThan(before);
  });
  await When('she narrows it to results', () => record.narrowTo('Results'));
  await Then('the address keeps the choice, and each entry has a result', async () => {
    expect(new URL(page.url()).searchParams.get('kind')).toBe('results');
    await record.occasions().first().getByText('Results', { exact: true }).waitFor();
    await page.reload();
    await record.occasions().first().getByText('Results', { exact: true }).waitFor();
  });
});

test('She finds the same resident by characters, id number, phone and record number', async () => {
  const { page } = sitting;
  const people = new PeoplePage(page);
  const answer = await page.request.get(`/fhir/Patient/${region.patientId('older-resident')}`);
  const patient: fhir4.Patient = await answer.json();
  const numbers = (patient.identifier ?? [])
    .map(({ value = '' }) => value)
    .filter((value) => /^\d{17}[\dX]?$/.test(value));
  expect(numbers).toHaveLength(2);

  for (const text of ['林素琴', '林 1958', ...numbers, patient.telecom?.[0]?.value ?? '']) {
    await people.open(text);
    await expect.poll(() => people.names(), { message: text }).toContain('林素琴');
  }
});

test('When she has two people open, the second banner turns to ink until the first is closed', async () => {
  const { page } = sitting;
  const second = await page.context().newPage();
  const tag = 'Second person open';
  await Given('the record of one resident', async () => {
    await new RecordPage(page).openOf(region.patientId('older-resident'));
    await new RecordPage(page).banner().getByText('penicillin').waitFor();
  });
  await When('she opens another in a second window', () => new RecordPage(second).openOf(region.patientId('mother')));
  await Then('the second banner warns, the first does not', async () => {
    await new RecordPage(second).banner().getByText(tag).waitFor();
    expect(await new RecordPage(page).banner().getByText(tag).count()).toBe(0);
    await settle(second);
    await expectAccessible(second);
    await keepScreenshot(second, 'story-second-person');
  });
  await When('she closes the first', () => new PeoplePage(page).open());
  await Then('the second is the only one', () =>
    new RecordPage(second).banner().getByText(tag).waitFor({ state: 'detached' }),
  );
  await second.close();
});

test('Nobody of that name: the page says how names are matched', async () => {
  const people = new PeoplePage(sitting.page);
  await people.open('zzz');
  await sitting.page.getByText('Nobody fits “zzz”').waitFor();
  await sitting.page.getByRole('button', { name: 'Clear the search' }).click();
  await people.found(200);
});

test('The browser had nothing to complain of', () => {
  expect(sitting.complaints).toEqual([]);
});
