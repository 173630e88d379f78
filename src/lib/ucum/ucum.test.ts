import { describe, expect, it } from 'vitest';
import { convertUnit, parseUnit, unitScale } from './index.ts';

const inBase = (value: number, code: string): number => {
  const { factor, shift } = unitScale(code) ?? { factor: Number.NaN, shift: 0 };
  return Number((factor * value + shift).toPrecision(12));
};

describe('unitScale', () => {
  it.each([
    ['[lb_av]', 'kg', 154.323583529414, 70],
    ['mg/dL', 'g/L', 90, 0.9],
    ['10*3/uL', '10*9/L', 5.4, 5.4],
    ['mm[Hg]', 'kPa', 120, 15.99864],
    ['[degF]', 'Cel', 98.6, 37],
    ['Cel', 'K', 37, 310.15],
    ['m[IU]/mL', '[iU]/L', 3, 3],
    ['{beats}/min', '/min', 72, 72],
    ['mmol/L', 'umol/mL', 4, 4],
  ])('%s can be compared with %s', (left, right, value, equal) => {
    expect(unitScale(left)?.dimension).toBe(unitScale(right)?.dimension);
    expect(inBase(value, left)).toBeCloseTo(inBase(equal, right), 9);
  });

  it.each([
    ['mmol/L', '10*9/L'],
    ['[iU]/mL', "[arb'U]/mL"],
    ['mg/dL', 'mmol/L'],
    ['kg', 'm'],
  ])('%s cannot be compared with %s', (left, right) => {
    expect(unitScale(left)?.dimension).toEqual(expect.any(String));
    expect(unitScale(left)?.dimension).not.toBe(unitScale(right)?.dimension);
  });

  it.each([
    '{score}',
    '',
    '[pH]',
    'B[SPL]',
    'mmHg',
    'constructor',
    '__proto__',
    'kg ',
    'm'.repeat(101),
    '((((',
    '{|}1.request',
  ])('says nothing of %j', (code) => {
    expect(unitScale(code)).toBeUndefined();
  });

  it('takes no time for hostile codes', () => {
    const started = performance.now();
    for (const piece of ['(', '{', '[', 'm.', 'm/', '2', '((m)', 'm{a}']) parseUnit(piece.repeat(100 / piece.length));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('convertUnit', () => {
  it('says undefined for what cannot be converted', () => {
    expect(convertUnit({ value: 5, unit: '[mi_us]' }, 'm')).toBeCloseTo(8046.7361, 3);
    expect(convertUnit({ value: 5, unit: 'kg' }, 'm')).toBeUndefined();
    expect(convertUnit({ value: 5, unit: 'nothing' }, 'm')).toBeUndefined();
    expect(convertUnit({ value: 5, unit: '[iU]' }, 'm')).toBeUndefined();
  });
});
