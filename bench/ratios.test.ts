import { describe, expect, it } from 'vitest';
import { computeRatios, findRegressions } from './ratios.ts';
import type { Results } from './results.ts';

const cost = (serverCpuMicrosPerUnit: number, postgresCpuMicrosPerUnit: number, perSecond: number) => ({
  unit: 'resource',
  units: 1000,
  seconds: 1,
  perSecond,
  serverCpuMicrosPerUnit,
  postgresCpuMicrosPerUnit,
  otherCores: 0,
});

describe('ratios', () => {
  it('set the import against COPY of the same run', () => {
    const results = {
      serverPeakMb: 100,
      serverPeakMbAfter: {},
      import: { ...cost(200, 100, 5000) } as Results['import'],
      copy: { oneSession: cost(0, 50, 20_000), twoSessions: cost(0, 60, 30_000) },
    };
    expect(computeRatios(results)).toEqual({ importRateToCopy: 0.25, importCpuToCopy: 6 });
  });

  it('leave out what did not run', () => {
    expect(computeRatios({ serverPeakMb: 100, serverPeakMbAfter: {} })).toEqual({});
  });
});

describe('a regression', () => {
  const baseline = { importRateToCopy: 0.3, readToBare: 2 };

  it('is a rate more than 30 % lower', () => {
    expect(findRegressions({ importRateToCopy: 0.2 }, baseline)).toEqual([
      { ratio: 'importRateToCopy', value: 0.2, baseline: 0.3 },
    ]);
  });

  it('is a cost more than 30 % higher', () => {
    expect(findRegressions({ readToBare: 2.7 }, baseline)).toEqual([{ ratio: 'readToBare', value: 2.7, baseline: 2 }]);
  });

  it('is not what lies within 30 %, what is better, or what only one of the runs has', () => {
    expect(findRegressions({ importRateToCopy: 0.22, readToBare: 2.5, searchToBare: 9 }, baseline)).toEqual([]);
    expect(findRegressions({ importRateToCopy: 0.9, readToBare: 1 }, baseline)).toEqual([]);
  });
});
