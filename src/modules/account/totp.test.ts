import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOfStep, findStep, printBase32, printKeyUri, stepOf } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('a code of an authenticator', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at second %i is that of RFC 6238, appendix B', (second, code) => {
    expect(codeOfStep(secret, stepOf(second * 1000), 8)).toBe(code);
  });

  it('is taken from a clock that is up to a step away, and from none further away', () => {
    const now = 1_700_000_015_000;
    const code = codeOfStep(secret, stepOf(now));
    const at = (seconds: number) => findStep(secret, code, now + seconds * 1000);
    expect([at(-30), at(0), at(30)]).toEqual([stepOf(now), stepOf(now), stepOf(now)]);
    expect([at(-61), at(61)]).toEqual([undefined, undefined]);
  });

  it.each(['', '12345', '1234567', '１２３４５６', 'abcdef', '12 345'])('is not %j', (code) => {
    expect(findStep(secret, code, 0)).toBeUndefined();
  });
});

it('prints base 32 as RFC 4648 does', () => {
  const examples = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => printBase32(Buffer.from(text)));
  expect(examples).toEqual(['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']);
});

it('names the account in the address that an app reads, whatever the name holds', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((name) => name.isWellFormed()),
      (name) => {
        const url = new URL(printKeyUri(secret, 'Meridian', name));
        expect(url.protocol).toBe('otpauth:');
        expect(decodeURIComponent(url.pathname)).toContain(`Meridian:${name}`);
        expect(url.searchParams.get('secret')).toBe(printBase32(secret));
      },
    ),
  );
});
