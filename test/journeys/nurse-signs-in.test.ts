import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOfSecret } from '#testing/one-time-code.ts';
import { type Sitting, sitDown, startBrowser } from './browser.ts';
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, settle } from './look.ts';
import { type Region, startRegion } from './region.ts';
import { Given, Then, When } from './story.ts';

let region: Region;
let browser: Browser;
let sitting: Sitting;

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
  // Browsers bind passkeys to names, so that the address of numbers has none.
  sitting = await sitDown(browser, { ...region, address: region.address.replace('127.0.0.1', 'localhost') });
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

function proofsOf(name: string): { password: string; secret: string } {
  const [, password = '', secret = ''] =
    new RegExp(`${name}, password (\\S+), authenticator key (\\S+)`).exec(region.said) ?? [];
  return { password, secret };
}

/** A device that makes passkeys and opens them with a finger. https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/ */
async function giveFingerprintReader(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

test('A nurse signs in with a second factor, then with a passkey, and sees where she is signed in', async () => {
  const { page } = sitting;
  const { password, secret } = proofsOf('public-health-nurse');

  await Given('a nurse who types a wrong password first', async () => {
    await giveFingerprintReader(page);
    await page.goto('/people');
    await page.getByLabel('Name or phone number').fill('public-health-nurse');
    await page.getByLabel('Password', { exact: true }).fill('not her password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This did not fit.').waitFor();
    await keepScreenshot(page, 'story-sign-in-wrong');
  });
  await When('she types the right one, she is asked for the code of her app', async () => {
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Confirm that it is you').waitFor();
    await settle(page);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-sign-in-second-factor');
  });
  await Then('with it she is where she was heading', async () => {
    await page.getByLabel('Code from the app').fill(codeOfSecret(secret, Date.now()));
    await page.getByRole('button', { name: 'Confirm and sign in' }).click();
    await page.waitForURL('**/people');
  });
  await When('she adds a passkey on the page of her account', async () => {
    await page.goto('/account');
    await page.getByRole('button', { name: 'Add a passkey of this device' }).click();
    await page.getByText('Passkey, since').waitFor();
    await settle(page);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await keepScreenshot(page, 'story-account', true);
  });
  await Then('she signs in with it, without a password', async () => {
    await page.getByRole('button', { name: /Zhang/ }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await page.waitForURL('**/sign-in');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL('**/people');
  });
  await Then('nobody else is shown anything after she has left', async () => {
    const { cookies } = await page.context().storageState();
    const session = cookies.find(({ name }) => name === 'meridian-session');
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await page.context().request.delete('/portal/api/session', { headers: { 'x-meridian-request': 'portal' } });
    await page.goto('/people');
    await page.waitForURL('**/sign-in?next=%2Fpeople');
  });
});

/** In the page: a role is for an institution that is there. */
async function findHospital(): Promise<string> {
  const answer = await fetch(`/fhir/Organization?name=${encodeURIComponent('通海县惠众医院')}`);
  const { entry } = (await answer.json()) as { entry: { resource: { id: string } }[] };
  return `Organization/${entry[0]?.resource.id}`;
}

test('An administrator adds somebody, who sets a password and a second factor on the phone', async () => {
  const desk = await sitDown(browser, region, { person: 'administrator' });
  const phone = await sitDown(browser, region, { size: 'phone', language: 'zh-CN' });
  let code = '';

  await Given('an administrator who adds a receptionist', async () => {
    const { page } = desk;
    await page.goto('/administration/people');
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel('Name for sign-in').fill('<b>zhou</b>');
    await page.getByLabel('Name in characters').fill('周<img src=x onerror=alert(1)>');
    await page.getByLabel('Name in Latin letters').fill('Zhou Min');
    await page.getByLabel('Person in the record').fill('Practitioner/zhou-min');
    await page.getByLabel('Role', { exact: true }).click();
    await page.getByText('Receptionist', { exact: true }).click();
    await page.getByLabel('Organisation').fill(await page.evaluate(findHospital));
    await page.getByRole('button', { name: 'Add and make a one-time code' }).click();
    await page.getByText('A name for sign-in has 2 to 64 letters').waitFor();
    await page.getByLabel('Name for sign-in').fill('zhou.min');
    await page.getByRole('button', { name: 'Add and make a one-time code' }).click();
    code = (await page.locator('.handed-code-text').textContent()) ?? '';
    await page.getByText('周<img src=x onerror=alert(1)>').waitFor();
    await settle(page);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-administration');
  });
  await When('she uses the code on her phone', async () => {
    const { page } = phone;
    await page.goto('/sign-in/set-up');
    await page.getByLabel('用户名或手机号').fill('zhou.min');
    await page.getByLabel('一次性代码').fill(code);
    await page.getByLabel('新密码').fill('三只白鹭在河边走来走去');
    await page.getByRole('button', { name: '保存密码并登录' }).click();
    await page.getByText('设置第二验证方式').waitFor();
    await page.getByRole('img', { name: '验证器应用的二维码' }).waitFor();
    await settle(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepScreenshot(page, 'story-enrolment-phone-zh', true);
  });
  await Then('she gets codes to write down, and is in', async () => {
    const { page } = phone;
    const secret = ((await page.locator('.enrol-secret').textContent()) ?? '').replaceAll(' ', '');
    await page.getByLabel('应用中的验证码').fill(codeOfSecret(secret, Date.now()));
    await page.getByRole('button', { name: '核对验证码并登录' }).click();
    await page.getByText('请抄下这些恢复代码').waitFor();
    await keepScreenshot(page, 'story-recovery-codes-phone-zh', true);
    await page.getByRole('button', { name: '我已抄好' }).click();
    await page.waitForURL('**/people');
  });
  expect(desk.complaints.filter((complaint) => !/status of 400/.test(complaint))).toEqual([]);
  await Promise.all([desk.close(), phone.close()]);
});
