import { expect, test } from 'vitest';
import { formatTick, placeOn, ticksOf } from './time-axis.ts';

const at = (year: number, month: number) => new Date(year, month - 1, 1).getTime();
const axis = { from: at(2025, 11), to: at(2027, 1), left: 100, right: 800 };

test('a moment lies in proportion between the ends', () => {
  expect(placeOn(axis, axis.from)).toBe(100);
  expect(placeOn(axis, axis.to)).toBe(800);
});

test('months are named, and the year where it begins', () => {
  expect(ticksOf(axis, 'en').map(({ label }) => label)).toEqual([
    'Nov 2025',
    'Jan 2026',
    'Mar',
    'May',
    'Jul',
    'Sep',
    'Nov',
    'Jan 2027',
  ]);
  expect(ticksOf(axis, 'zh-CN')[1]?.label).toBe('2026年1月');
});

test('a lone tick is a month, or the year that begins', () => {
  expect(formatTick(new Date(2026, 0, 1), 'en')).toBe('2026');
  expect(formatTick(new Date(2026, 3, 1), 'zh-CN')).toBe('2026年4月');
});

test('decades are told in years', () => {
  const decades = { ...axis, from: at(1990, 1) };
  const labels = ticksOf(decades, 'en').map(({ label }) => label);
  expect(labels.length).toBeLessThan(9);
  expect(labels.every((label) => /^\d{4}$/.test(label))).toBe(true);
});
