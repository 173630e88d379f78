import { expect, test } from 'vitest';
import { replaceBounded, testBounded } from './bounded.ts';

test('a pattern does what it does without a watch', () => {
  expect(testBounded(/^[a-z]+$/, 'abc')).toBe(true);
  expect(testBounded(/^[a-z]+$/, 'a'.repeat(1000))).toBe(true);
  expect(testBounded(/^[a-z]+$/, `${'a'.repeat(1000)}!`)).toBe(false);
  expect(replaceBounded('a-b-c-d-e-f-g-h-i-j-k', /-/g, '')).toBe('abcdefghijk');
});

test.each([/^(a+)+$/, /^(a|a)*$/, /^([a-z]{1,64}(\.[a-z]+)?)*$/])(
  '%s is ended before it hurts, and not begun again',
  (expression) => {
    const text = `${'a'.repeat(60)}!`;
    const start = performance.now();
    expect(() => testBounded(expression, text)).toThrow('takes more than 250 ms');
    expect(performance.now() - start).toBeLessThan(5000);
    const again = performance.now();
    expect(() => testBounded(expression, text)).toThrow('takes more than 250 ms');
    expect(performance.now() - again).toBeLessThan(200);
  },
);
