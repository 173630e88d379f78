import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sitDown, startBrowser } from './browser.ts';
import { settle } from './look.ts';
import { type Region, startRegion } from './region.ts';

const assets = join(import.meta.dirname, '../../portal/dist/assets');
const mostBytes = 300_000;
const loads = 20;

let region: Region;
let browser: Browser;

beforeAll(async () => {
  [region, browser] = await Promise.all([startRegion(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

const rooms = [
  { room: 'sign-in', person: undefined, path: () => '/sign-in' },
  { room: 'resident search', person: 'family-doctor', path: () => '/people' },
  { room: 'record', person: 'family-doctor', path: () => `/people/${region.patientId('older-resident')}` },
  { room: 'timeline', person: 'family-doctor', path: () => `/people/${region.patientId('older-resident')}/timeline` },
  { room: 'own record', person: 'older-resident', path: () => '/me' },
];

test.each(rooms)(
  'The $room loads at most 300 kB of gzipped script before its charts',
  async ({ room, person, path }) => {
    const { page, close } = await sitDown(browser, region, { person });
    const scripts = new Set<string>();
    page.on('response', (response) => {
      if (response.url().endsWith('.js') && response.url().includes('/assets/')) scripts.add(basename(response.url()));
    });
    await page.goto(path());
    await settle(page);
    // Charts are fetched when they are shown, after the values that they draw.
    const early = [...scripts].filter((script) => !script.startsWith('trend-chart'));
    const bytes = early.reduce((sum, script) => sum + readFileSync(join(assets, `${script}.gz`)).length, 0);
    print(`${room}: ${Math.round(bytes / 1000)} kB of gzipped script in ${early.length} files`);
    expect(bytes).toBeLessThan(mostBytes);
    await close();
  },
);

test('The record shows its first content quickly (the limit is held in the bench)', async () => {
  const times: number[] = [];
  for (let load = 0; load < loads; load++) {
    const { page, close } = await sitDown(browser, region, { person: 'family-doctor' });
    times.push(await timeToContent(page, `/people/${region.patientId('older-resident')}`));
    await close();
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.ceil(share * times.length) - 1] ?? 0);
  print(`record, first content over ${loads} loads with a cold cache: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
  expect(times).toHaveLength(loads);
});

/** From the navigation until the banner and the first problem are drawn, by the browser's own clock. */
async function timeToContent(page: Page, path: string): Promise<number> {
  await page.goto(path, { waitUntil: 'commit' });
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const isThere =
            document.querySelector('.person-banner .name') && document.querySelector('.summary-problems .entry');
          if (isThere) resolve(performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

function print(line: string) {
  process.stdout.write(`  ${line}\n`);
}
