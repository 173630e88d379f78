import { describe, expect, test } from 'vitest';
import { waterfallOf } from './waterfall.ts';

const field = (weight: number) => ({ weight });
const thresholds = { review: 12, link: 22 };

describe('the waterfall of weights', () => {
  test('starts each bar where the last one ended, and ends at the score', () => {
    const { bars, end } = waterfallOf([field(10), field(14), field(-2)], thresholds);
    expect(bars.map(({ from, to }) => [from, to])).toEqual([
      [0, 10],
      [10, 24],
      [24, 22],
    ]);
    expect(end).toBe(22);
  });

  test('has room for zero, both thresholds and all bars, whatever the weights', () => {
    const { place } = waterfallOf([field(-9), field(40)], thresholds);
    for (const value of [0, 12, 22, -9, 31]) {
      expect(place(value)).toBeGreaterThanOrEqual(0);
      expect(place(value)).toBeLessThanOrEqual(100);
    }
    expect(place(-9)).toBeLessThan(place(0));
  });

  test('of nothing is a point at zero', () => {
    expect(waterfallOf([], thresholds)).toMatchObject({ bars: [], end: 0 });
  });
});
