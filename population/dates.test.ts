import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths, ageAt, parseDay, printDay, printInstant, workday } from './dates.ts';

const anyDay = fc.integer({ min: parseDay('1900-01-01'), max: parseDay('2099-12-31') });

describe('civil dates', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2026-08-31', 18, '2028-02-29'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-03-14', -12, '2025-03-14'],
    ['2026-01-15', -2, '2025-11-15'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(printDay(addMonths(parseDay(from), months))).toBe(to);
  });

  it.each([
    ['1961-11-22', '2026-11-21', 64],
    ['1961-11-22', '2026-11-22', 65],
    ['2004-02-29', '2026-02-28', 21],
    ['2004-02-29', '2026-03-01', 22],
  ])('somebody born on %s is on %s %i years old', (birth, day, age) => {
    expect(ageAt(parseDay(birth), parseDay(day))).toBe(age);
  });

  it('print and parse to the same day', () => {
    fc.assert(fc.property(anyDay, (day) => parseDay(printDay(day)) === day));
  });

  it('become instants of China, also past midnight', () => {
    expect(printInstant(parseDay('2026-11-25'), 545)).toBe('2026-11-25T09:05:00+08:00');
    expect(printInstant(parseDay('2026-12-31'), 1445)).toBe('2027-01-01T00:05:00+08:00');
  });

  it('move from the weekend to Monday', () => {
    expect(printDay(workday(parseDay('2026-11-21')))).toBe('2026-11-23');
    expect(printDay(workday(parseDay('2026-11-22')))).toBe('2026-11-23');
    expect(printDay(workday(parseDay('2026-11-25')))).toBe('2026-11-25');
    expect(printDay(workday(parseDay('1969-12-28')))).toBe('1969-12-29');
  });

  it.each(['next week', '2023-02-30', '2026-13-01', ''])('refuse %j, and say how to write a date', (text) => {
    expect(() => parseDay(text)).toThrow('2026-11-25');
  });
});
