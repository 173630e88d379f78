import { describe, expect, it } from 'vitest';
import { findDisturbed } from './quiet.ts';

describe('a disturbed measurement', () => {
  it('is named with the cores that others used', () => {
    const results = {
      import: { perSecond: 10, otherCores: 0.1 },
      read: { bare: { clients1: { otherCores: 1.4 }, clients8: { otherCores: 0.3 } } },
      serverPeakMb: 300,
    };
    expect(findDisturbed(results)).toEqual(['read.bare.clients1: 1.4 cores']);
  });
});
