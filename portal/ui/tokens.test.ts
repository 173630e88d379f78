import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import tokens from './tokens.json' with { type: 'json' };

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const appearances = ['light', 'dark'] as const;

const block = (appearance: string) =>
  new RegExp(`\\[data-theme="${appearance}"\\][^{]*\\{([^}]*)\\}`).exec(css)?.[1] ?? '';
const kebab = (name: string) => name.replaceAll(/([A-Z])|(\d+)/g, (part) => `-${part.toLowerCase()}`);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const textPairs = [
  ['ink', 'canvas'],
  ['ink', 'surface'],
  ['ink2', 'fill'],
  ['ink3', 'surface'],
  ['ink3', 'canvas'],
  ['ink3', 'accentBg'],
  ['accentText', 'surface'],
  ['accentText', 'accentBg'],
  ['accentText', 'target'],
  ['onAccent', 'accent'],
  ['onInverse', 'inverse'],
  ['criticalText', 'criticalBg'],
  ['onCritical', 'critical'],
  ['cautionText', 'cautionBg'],
  ['stableText', 'stableBg'],
  ['unknownText', 'unknownBg'],
] as const;

describe.each(appearances)('the %s tokens', (appearance) => {
  test('are the same in the style sheet and in the file', () => {
    for (const [name, value] of Object.entries(tokens.color[appearance])) {
      const written = new RegExp(`--${kebab(name)}: ([^;]+);`).exec(block(appearance))?.[1];
      expect(written?.toUpperCase(), name).toBe(value.toUpperCase());
    }
  });

  test.each(textPairs)('let %s be read on %s (WCAG 2.2 AA: 4.5)', (ink, ground) => {
    const colours = tokens.color[appearance];
    expect(contrast(colours[ink], colours[ground])).toBeGreaterThanOrEqual(4.5);
  });
});
