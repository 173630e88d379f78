import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extentOf, labelledPoints, type TrendPoint } from './trend.ts';

const point = (value: number, isFlagged = false): TrendPoint => ({
  at: value,
  value,
  isFlagged,
  label: '',
  description: '',
});

describe('the scale of a trend', () => {
  test('stands on round numbers around values and band', () => {
    expect(extentOf({ points: [point(7.4), point(8.3)], band: { high: 7, label: '' } })).toEqual({
      min: 6.5,
      max: 8.5,
      step: 0.5,
    });
    expect(extentOf({ points: [{ ...point(158), low: 82 }] })).toEqual({ min: 50, max: 200, step: 50 });
  });

  test('holds every value, in a handful of steps', () => {
    const values = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, (all) => {
        const { min, max, step } = extentOf({ points: all.map((value) => point(value)) });
        expect(min).toBeLessThanOrEqual(Math.min(...all));
        expect(max).toBeGreaterThanOrEqual(Math.max(...all));
        expect(min).toBeGreaterThanOrEqual(0);
        expect((max - min) / step).toBeLessThan(7);
      }),
    );
  });
});

describe('values written into the picture', () => {
  test('are all of a few', () => {
    const points = [point(1), point(2)];
    expect(labelledPoints(points)).toEqual(new Set(points));
  });

  test('are the last and the highest marked one of many', () => {
    const points = [1, 9, 3, 4, 5, 6].map((value) => point(value, value > 4));
    expect([...labelledPoints(points)].map(({ value }) => value)).toEqual([9, 6]);
  });
});
