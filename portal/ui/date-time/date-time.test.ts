import { describe, expect, test } from 'vitest';
import { ageOn, formatDate, formatDayOfYear, formatMonth, formatTimeOf } from './date-time.ts';

describe('a FHIR date', () => {
  test.each([
    ['1958-03-14', '14 Mar 1958', '1958年3月14日'],
    ['1958-03', 'Mar 1958', '1958年3月'],
    ['1958', '1958', '1958年'],
    ['2026-12-07T09:20:00', '7 Dec 2026', '2026年12月7日'],
  ])('%s is written %s and %s', (value, english, chinese) => {
    expect(formatDate(value, 'en')).toBe(english);
    expect(formatDate(value, 'zh-CN')).toBe(chinese);
  });

  test('is never given a day that it does not have', () => {
    expect(formatDayOfYear('1958', 'en')).toBe('');
    expect(formatDayOfYear('1958-03', 'zh-CN')).toBe('3月');
    expect(formatMonth('1958', 'en')).toBe('1958');
    expect(formatMonth('1958-03-14', 'en')).toBe('Mar 1958');
  });

  test('has a time of day only when it was written', () => {
    expect(formatTimeOf('2026-12-07')).toBeUndefined();
    expect(formatTimeOf('2026-12-07T09:20:00')).toBe('09:20');
  });

  test('is told as the clock showed it where it was written, wherever it is read', () => {
    expect(formatTimeOf('2026-12-07T00:20:00+08:00')).toBe('00:20');
    expect(formatDate('2026-12-07T00:20:00+08:00', 'en')).toBe('7 Dec 2026');
  });
});

describe('age', () => {
  const on = new Date(2026, 10, 23);
  test.each([
    ['1958-03-14', 'years', 68],
    ['1958-11-24', 'years', 67],
    ['1958-11-23', 'years', 68],
    ['2025-11-24', 'months', 11],
    ['2024-11-23', 'years', 2],
    ['2026-11-01', 'days', 22],
    ['2026-11-23', 'days', 0],
  ])('of somebody born %s is counted in %s: %i', (birthDate, unit, count) => {
    expect(ageOn(birthDate, on)).toEqual({ unit, count });
  });
});
