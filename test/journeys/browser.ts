import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.ts';
import type { Region } from './region.ts';

export const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } };

export interface Reader {
  /** As whom to sign in; nobody when left out. */
  person?: string;
  size?: keyof typeof sizes;
  language?: 'en' | 'zh-CN';
  theme?: 'light' | 'dark';
}

export interface Sitting {
  page: Page;
  /** What the browser complained of: faults of scripts, refused resources, broken policies. */
  complaints: string[];
  close(): Promise<void>;
}

export async function startBrowser(): Promise<Browser> {
  const executablePath = import.meta.env.MERIDIAN_CHROMIUM || findChromium();
  if (!executablePath) throw new Error('The journeys need Chromium: npm test installs it.');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--font-render-hinting=none'] });
}

/** Somebody sits down before the portal, on a device and with settings of their own. */
export async function sitDown(browser: Browser, region: Region, reader: Reader = {}): Promise<Sitting> {
  const { person, size = 'desk', language = 'en', theme = 'light' } = reader;
  const context = await browser.newContext({
    viewport: sizes[size],
    baseURL: region.address,
    timezoneId: 'Asia/Shanghai',
    hasTouch: size === 'phone',
    isMobile: size === 'phone',
  });
  context.setDefaultTimeout(10_000);
  await choose(context, language, theme);
  if (person) {
    const headers = { 'x-meridian-request': 'portal' };
    const answer = await context.request.post('/portal/api/sign-in/demonstration', { data: { id: person }, headers });
    if (!answer.ok()) throw new Error(`${person} could not sign in: ${await answer.text()}`);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (fault) => complaints.push(`script: ${fault.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  return { page, complaints, close: () => context.close() };
}

async function choose(context: BrowserContext, language: string, theme: string) {
  const script = `
    localStorage.getItem('meridian.language') ?? localStorage.setItem('meridian.language', '${language}');
    localStorage.getItem('meridian.theme') ?? localStorage.setItem('meridian.theme', '${theme}');`;
  await context.addInitScript(script);
}
