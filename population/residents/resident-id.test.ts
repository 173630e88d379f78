import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDay } from '../dates.ts';
import { ResidentIds, residentIdCheck } from './resident-id.ts';

const birthDays = fc.integer({ min: parseDay('1905-01-01'), max: parseDay('2026-11-25') });

describe('resident id numbers', () => {
  it.each(['11010519491231002X', '410102201803150121', '410102195506073010'])('%s has its check digit', (number) => {
    expect(residentIdCheck(number.slice(0, 17))).toBe(number.charAt(17));
  });

  it('carry the county, the birthday, the sex and a right check digit', () => {
    fc.assert(
      fc.property(birthDays, fc.constantFrom('female', 'male'), (birthDay, sex) => {
        const number = new ResidentIds().next('530423', birthDay, sex);
        expect(number).toMatch(/^530423\d{11}[\dX]$/);
        expect(parseDay(`${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`)).toBe(birthDay);
        expect(Number(number.charAt(16)) % 2).toBe(sex === 'male' ? 1 : 0);
        expect(residentIdCheck(number.slice(0, 17))).toBe(number.charAt(17));
      }),
    );
  });

  it('are all different for the 500 girls of a birthday, and say when none is left', () => {
    const ids = new ResidentIds();
    const birthDay = parseDay('1958-03-14');
    const numbers = Array.from({ length: 500 }, () => ids.next('530423', birthDay, 'female'));
    expect(new Set(numbers).size).toBe(500);
    expect(() => ids.next('530423', birthDay, 'female')).toThrow('1958-03-14');
    expect(ids.next('530423', birthDay, 'male')).toHaveLength(18);
  });
});
