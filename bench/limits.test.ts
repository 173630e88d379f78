import { describe, expect, it } from 'vitest';
import { holdGoals, holdLimits } from './limits.ts';
import type { Results } from './results.ts';

const search = (p50Ms: number) => ({ clients1: { p50Ms } }) as Results['search'];
const named = (name: string, results: Results) => holdLimits(results).find((limit) => limit.name === name);

describe('limits', () => {
  it('hold up to their number', () => {
    expect(named('search p50 ms', { serverPeakMb: 1, serverPeakMbAfter: {}, search: search(4) })).toEqual({
      name: 'search p50 ms',
      value: 4,
      limit: '<= 4',
      holds: true,
    });
    expect(named('search p50 ms', { serverPeakMb: 1, serverPeakMbAfter: {}, search: search(4.01) })?.holds).toBe(false);
    expect(named('server peak memory MB', { serverPeakMb: 601, serverPeakMbAfter: {} })?.holds).toBe(false);
  });

  it('are judged only where their scenarios ran', () => {
    expect(holdLimits({ serverPeakMb: 200, serverPeakMbAfter: {} }).map(({ name }) => name)).toEqual([
      'server peak memory MB',
    ]);
    expect(holdGoals({ serverPeakMb: 200, serverPeakMbAfter: {} })).toEqual([]);
  });
});
