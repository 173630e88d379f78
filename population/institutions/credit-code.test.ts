import { describe, expect, it } from 'vitest';
import { creditCheck, creditCode } from './credit-code.ts';

describe('unified social credit codes', () => {
  it('have the check character of the example in GB 32100', () => {
    expect(creditCheck('91350100M000100Y4')).toBe('3');
  });

  it('have 18 characters without those that look alike', () => {
    for (let serial = 1; serial < 300; serial++) {
      expect(creditCode('12', '530423001001', serial)).toMatch(/^12530423[0-9A-HJ-NPQRTUWXY]{10}$/);
    }
  });
});
