import { describe, expect, it } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { parseNumberRange, splitPrefix } from './number-range.ts';

describe('parseNumberRange', () => {
  it.each([
    ['100', 99.5, 100.5],
    ['100.00', 99.995, 100.005],
    ['5.4', 5.35, 5.45],
    ['1e2', 50, 150],
    ['1.0e2', 95, 105],
    ['2e-3', 0.0015, 0.0025],
    ['-5', -5.5, -4.5],
    ['0', -0.5, 0.5],
  ])('reads %s as [%d, %d)', (text, from, to) => {
    expect(parseNumberRange(text)).toEqual({ value: Number(text), from, to });
  });

  it.each(['12345678901234567890.123456789', '0.1000000000000000055511151231257827', '1e-400', '-1e-400'])(
    'has %s itself between its bounds, though a double holds fewer digits',
    (text) => {
      const { value, from, to } = parseNumberRange(text);
      expect([from <= value, value < to]).toEqual([true, true]);
    },
  );

  it.each(['', 'abc', '1,5', '0x10', 'Infinity', 'NaN', '1e', '--1', '1 '])('refuses "%s"', (text) => {
    expect(() => parseNumberRange(text)).toThrow(Failure);
  });
});

describe('splitPrefix', () => {
  it.each([
    ['ge5', 'ge', '5'],
    ['5', 'eq', '5'],
    ['2024-01-01', 'eq', '2024-01-01'],
    ['sa2024', 'sa', '2024'],
  ])('divides %s', (text, prefix, rest) => {
    expect(splitPrefix(text)).toEqual({ prefix, rest });
  });
});
