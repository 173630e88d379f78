import { expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { compilePattern } from './pattern.ts';

test.each([
  ['abc', 'abc', true],
  ['abc', 'abcd', false],
  ['a|b', 'b', true],
  ['(ab)+', 'ababab', true],
  ['[^ \\t\\r\\n\\f]{4}[0-9]', 'code1', true],
  ['[^ \\t\\r\\n\\f]{4}[0-9]', 'code12', false],
  ['o[a-z]*', 'old', true],
  ['\\d{2,3}', '1234', false],
  ['\\d{2,}', '1234', true],
  ['a?b*?c', 'bbc', true],
  ['^I1[0-5](\\.\\d)?$', 'I10.9', true],
  ['.*血压.*', '原发性高血压病', true],
  ['[\\-a]+', 'a-a', true],
  ['(?:x|)y', 'y', true],
  ['', '', true],
])('%s matches %s: %s', (source, text, isMatch) => {
  expect(compilePattern(source).matches(text)).toBe(isMatch);
});

test('a pattern that explodes in others answers at once', () => {
  const pattern = compilePattern('((a+)+)+b');
  const start = performance.now();
  expect(pattern.matches('a'.repeat(5_000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(2_000);
});

test.each(['(', 'a{', '[a', '(?=a)', '\\1', '*', 'a)', '[z-a]', 'a\\'])('%s is refused in words', (source) => {
  expect(() => compilePattern(source)).toThrow(Failure);
});

test('a pattern with millions of states is refused', () => {
  expect(() => compilePattern('((((a{100}){100}){100}){100})')).toThrow(/Simplify/);
});
