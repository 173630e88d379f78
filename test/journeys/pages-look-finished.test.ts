import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Reader, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, expectNothingCut, keepScreenshot, settle } from './look.ts';
import { type Region, startRegion } from './region.ts';
import { aResident, contractOf, manyVisits } from './residents.ts';

let region: Region;
let browser: Browser;

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
  await region.record([
    aResident('new', '孟立言', 'Meng Liyan'),
    aResident('long', '阿依夏木古丽·阿卜杜热合曼·买买提吐尔逊', 'Ayixiamuguli Abudureheman Maimaitituerxun'),
    aResident('many', '贺春生', 'He Chunsheng'),
    ...['new', 'long', 'many'].map((id) => contractOf(id, region.referenceOf(doctor))),
  ]);
  const resources = manyVisits('many', 120);
  for (let start = 0; start < resources.length; start += 300) await region.record(resources.slice(start, start + 300));
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

interface Look {
  size: 'phone' | 'desk';
  language: 'en' | 'zh-CN';
  theme: 'light' | 'dark';
}

// Every pair of device, language and appearance is met; the rooms that are read most are seen in all eight.
const four: Look[] = [
  { size: 'phone', language: 'en', theme: 'light' },
  { size: 'phone', language: 'zh-CN', theme: 'dark' },
  { size: 'desk', language: 'en', theme: 'dark' },
  { size: 'desk', language: 'zh-CN', theme: 'light' },
];
const eight: Look[] = four.flatMap((look) => [
  look,
  { ...look, theme: look.theme === 'light' ? 'dark' : 'light' } satisfies Look,
]);

// Pages of offices and of single tasks: each in two looks that share nothing, taking turns.
const two = [
  [four[0], { size: 'desk', language: 'zh-CN', theme: 'dark' }],
  [
    { size: 'phone', language: 'zh-CN', theme: 'light' },
    { size: 'desk', language: 'en', theme: 'light' },
  ],
  [four[1], { size: 'desk', language: 'en', theme: 'light' }],
] as Look[][];
let turn = 0;
const inTwo = (name: string, person: string | undefined, path: string | (() => string), failing?: string) => ({
  name,
  person,
  path: typeof path === 'string' ? () => path : path,
  looks: two[turn++ % two.length] ?? four,
  isWhole: true,
  ...(failing && { failing }),
});

const doctor = 'family-doctor';
const physician = 'hospital-physician';
const resident = 'older-resident';
const clerk = 'index-clerk';
const officer = 'privacy-officer';
const administrator = 'administrator';
const rich = () => `/people/${region.patientId('older-resident')}`;

const views: {
  name: string;
  person?: string;
  path: () => string;
  looks: Look[];
  isWhole?: boolean;
  failing?: string;
}[] = [
  { name: 'sign-in', path: () => '/sign-in', looks: four },
  { name: 'people-many', person: doctor, path: () => '/people', looks: four },
  { name: 'people-one', person: doctor, path: () => '/people?q=linsuqin', looks: four },
  { name: 'people-none', person: doctor, path: () => '/people?q=zzz', looks: four },
  { name: 'people-failed', person: doctor, path: () => '/people', looks: four, failing: '**/fhir/Patient?**' },
  { name: 'record', person: doctor, path: rich, looks: eight, isWhole: true },
  { name: 'record-many', person: doctor, path: () => '/people/many', looks: four, isWhole: true },
  { name: 'record-new', person: doctor, path: () => '/people/new', looks: four, isWhole: true },
  { name: 'record-longest-name', person: doctor, path: () => '/people/long', looks: four },
  {
    name: 'record-failed',
    person: doctor,
    path: rich,
    looks: four,
    isWhole: true,
    failing: '**/fhir/{Observation,MedicationRequest}?**',
  },
  { name: 'record-gone', person: doctor, path: () => '/people/nobody', looks: four },
  { name: 'own-record', person: 'older-resident', path: () => '/me', looks: eight, isWhole: true },
  { name: 'own-record-infant', person: 'infant', path: () => '/me', looks: four, isWhole: true },
  { name: 'own-record-single-entry', person: 'single-entry', path: () => '/me', looks: four, isWhole: true },
  { name: 'timeline', person: doctor, path: () => `${rich()}/timeline`, looks: eight },
  { name: 'timeline-results', person: doctor, path: () => `${rich()}/timeline?kind=results`, looks: four },
  { name: 'timeline-many', person: doctor, path: () => '/people/many/timeline', looks: four },
  { name: 'timeline-single-entry', person: 'single-entry', path: () => '/me/timeline', looks: four },
  { name: 'timeline-mother', person: 'mother', path: () => '/me/timeline', looks: four },
  inTwo('set-up', undefined, '/sign-in/set-up'),
  inTwo('record-closed', physician, rich),
  inTwo('account', 'public-health-nurse', '/account'),
  inTwo('account-resident', resident, '/account'),
  inTwo('accounts', administrator, '/administration/people'),
  inTwo('accounts-failed', administrator, '/administration/people', '**/portal/api/people**'),
  inTwo('duplicates', clerk, '/duplicates'),
  inTwo('duplicates-failed', clerk, '/duplicates', '**/api/patient-index/**'),
  inTwo('merges', clerk, '/duplicates/merges'),
  inTwo('register', clerk, '/people/register'),
  inTwo('consents', resident, '/consents'),
  inTwo('consents-failed', resident, '/consents', '**/api/consent/**'),
  inTwo('consents-give', resident, '/consents/give'),
  inTwo('consents-close', resident, '/consents/close'),
  inTwo('consents-receipt', resident, '/consents/receipt'),
  inTwo('consents-mandate', 'mother', '/consents/mandate'),
  inTwo('consents-ask', physician, () => `${rich()}/consent`),
  inTwo('mandates', clerk, '/mandates'),
  inTwo('who-looked', resident, '/me/accesses'),
  inTwo('who-looked-none', 'longest-name', '/me/accesses'),
  inTwo('trail', officer, '/administration/trail'),
  inTwo('emergencies', officer, '/administration/emergencies'),
  inTwo('emergencies-failed', officer, '/administration/emergencies', '**/api/access/break-glass**'),
  inTwo('directory', administrator, '/directory'),
  inTwo('directory-none', doctor, '/directory?q=zzz'),
  inTwo('directory-new', administrator, '/directory/new'),
  inTwo('directory-import', administrator, '/directory/import'),
  inTwo('directory-staff', doctor, '/directory/staff'),
  inTwo('divisions', administrator, '/divisions'),
  inTwo('care', resident, '/care'),
];

const refusal = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'throttled', diagnostics: 'Too many requests were sent. Wait a minute.' }],
};

const wordsOf = ({ size, language, theme }: Look) => `${size}-${language === 'en' ? 'en' : 'zh'}-${theme}`;

// Much of the time goes into waiting for the network to be quiet; pages wait side by side.
describe.concurrent.each(views)('$name', ({ name, person, path, looks, isWhole, failing }) => {
  test.each(looks.map((look) => ({ look, words: wordsOf(look) })))(
    'looks finished: $words',
    async ({ look, words }) => {
      const reader: Reader = { person, ...look };
      const { page, complaints, close } = await sitDown(browser, region, reader);
      if (failing)
        await page.route(failing, (route) =>
          route.fulfill({ status: 429, contentType: 'application/fhir+json', json: refusal }),
        );
      await page.goto(path());
      await settle(page);
      await keepScreenshot(page, `${name}-${words}`, isWhole);
      await expectNoSidewaysScroll(page);
      await expectNothingCut(page);
      await expectAccessible(page);
      const expected = failing || name === 'record-gone' ? /Failed to load resource/ : /^$/;
      expect(complaints.filter((complaint) => !expected.test(complaint))).toEqual([]);
      await close();
    },
  );
});
