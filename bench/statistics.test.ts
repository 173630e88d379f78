import { describe, expect, it } from 'vitest';
import { latencies, quantile, round } from './statistics.ts';

describe('quantiles', () => {
  const values = Array.from({ length: 100 }, (_item, index) => 100 - index);

  it('stand at their share of the sorted values', () => {
    expect(latencies(values)).toEqual({ p50Ms: 51, p95Ms: 96, p99Ms: 100 });
    expect(quantile([7], 0.99)).toBe(7);
  });

  it('leave the values in their order', () => {
    quantile(values, 0.5);
    expect(values[0]).toBe(100);
  });

  it('of nothing are 0', () => {
    expect(quantile([], 0.5)).toBe(0);
  });
});

it('rounds to significant digits', () => {
  expect(round(1234.567)).toBe(1235);
  expect(round(0.000123456, 2)).toBe(0.00012);
});
