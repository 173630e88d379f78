import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = join(import.meta.dirname, '../../test-results/screenshots');

/** Waits until what was asked for has come and been drawn. */
export async function settle(page: Page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(
    () => document.querySelector('[aria-busy="true"]') === null && document.fonts.status === 'loaded',
  );
}

/** The text of an element as a reader sees it, once it is there. */
export async function seenText(locator: Locator): Promise<string> {
  await locator.waitFor();
  return (await locator.allInnerTexts()).join('\n');
}

/** Keeps a picture of the page among the artefacts. */
export async function keepScreenshot(page: Page, name: string, isWhole = false) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: isWhole, animations: 'disabled' });
}

/** No fault against WCAG 2.2 AA that a machine can find. */
export async function expectAccessible(page: Page) {
  await page.evaluate(axeSource);
  const faults = await page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await checker.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.html.slice(0, 160))
          .slice(0, 3)
          .join(' | ')}`,
    );
  });
  expect(faults, page.url()).toEqual([]);
}

/** Nothing sticks out of the page to the side. */
export async function expectNoSidewaysScroll(page: Page) {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(excess, `pixels beyond the edge of ${page.url()}`).toBeLessThanOrEqual(0);
}

/** No word or number is cut off without a sign of it. */
export async function expectNothingCut(page: Page) {
  const cut = await page.evaluate(() => {
    const isClipping = (style: CSSStyleDeclaration) =>
      /hidden|clip/.test(style.overflowX) && style.textOverflow !== 'ellipsis';
    return [...document.querySelectorAll('main *')]
      .filter(
        (element) =>
          element.scrollWidth > element.clientWidth + 1 &&
          element.clientWidth > 1 &&
          isClipping(getComputedStyle(element)),
      )
      .map((element) => `${element.className}: ${element.textContent?.slice(0, 60)}`);
  });
  expect(cut, page.url()).toEqual([]);
}
