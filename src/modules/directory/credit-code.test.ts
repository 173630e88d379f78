import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditCheck, faultOfCreditCode } from './credit-code.ts';

const alphabet = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
const start = fc
  .array(fc.constantFrom(...alphabet), { minLength: 17, maxLength: 17 })
  .map((characters) => characters.join(''));

describe('a unified social credit code', () => {
  it.each([
    ['91350100M000100Y4', '3'],
    ['12100000400000624', 'D'],
    ['91110000600037341', 'L'],
  ])('%s is followed by %s', (code, check) => {
    expect(creditCheck(code)).toBe(check);
    expect(faultOfCreditCode(code + check)).toBeUndefined();
  });

  it('shows one wrong character, wherever it is', () => {
    fc.assert(
      fc.property(start, fc.nat(16), fc.constantFrom(...alphabet), (code, at, other) => {
        fc.pre(code.charAt(at) !== other);
        const wrong = code.slice(0, at) + other + code.slice(at + 1);
        expect(faultOfCreditCode(wrong + creditCheck(code))).toMatch(/last character/);
      }),
    );
  });

  it.each(['', '91350100M000100Y4', '91350100M000100I43', '91350100m000100y43'])('%j has another form', (code) => {
    expect(faultOfCreditCode(code)).toMatch(/18 characters/);
  });
});
