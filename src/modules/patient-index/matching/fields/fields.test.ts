import { describe, expect, test } from 'vitest';
import { compareDates } from './compare-date.ts';
import { normalisePhone } from './phone.ts';
import { comparePlaces, placeTokens } from './place.ts';
import { birthDateOf, checkCharacter, isValidResidentId, normaliseResidentId, sexOf } from './resident-id.ts';

describe('resident identity numbers', () => {
  test.each([
    ['11010519491231002', 'X'],
    ['44052418800101001', '4'],
    ['11010119900307123', '3'],
    ['31011520240229452', '2'],
    ['99010119900101001', '9'],
  ])('the check character of %s is %s', (first17, check) => {
    expect(checkCharacter(first17)).toBe(check);
    expect(isValidResidentId(first17 + check, '2026-11-25')).toBe(true);
  });

  test.each([
    ['110105491231002', '11010519491231002X'],
    ['440524800101001', '440524198001010013'],
    ['１１０１０１１９９００３０７１２３３', '110101199003071233'],
    ['11010519491231002x', '11010519491231002X'],
    ['12345', undefined],
  ])('%s is %s', (written, id) => {
    expect(normaliseResidentId(written)).toBe(id);
  });

  test('of days that never were, or are to come, are not valid', () => {
    const withCheck = (first17: string) => first17 + checkCharacter(first17);
    expect(isValidResidentId(withCheck('11010120230231123'), '2026-11-25')).toBe(false);
    expect(isValidResidentId(withCheck('11010120270101123'), '2026-11-25')).toBe(false);
    expect(isValidResidentId('310115202402294523', '2026-11-25')).toBe(false);
  });

  test('say when and as what somebody was born', () => {
    expect(birthDateOf('110101199003071233')).toBe('1990-03-07');
    expect(sexOf('110101199003071233')).toBe('male');
  });
});

test.each([
  ['1990-03-07', '1990-03-07', 'equal'],
  ['1990-03-07', '1990-07-03', 'day-month-swapped'],
  ['1990-03-07', '1990-03-08', 'one-digit'],
  ['1990-03-07', '1909-03-07', 'one-digit'],
  ['1990-03-07', '1990-11-25', 'same-year'],
  ['1990-03-07', '1990', 'same-year'],
  ['1990-03-07', '1955-11-25', 'different'],
])('birth dates %s and %s: %s', (left, right, level) => {
  expect(compareDates(left, right)).toBe(level);
  expect(compareDates(right, left)).toBe(level);
});

test.each([
  ['+86 138-0000-1111', '13800001111'],
  ['0086 13800001111', '13800001111'],
  ['010-6512 3456', '01065123456'],
  ['12345', undefined],
  ['00000000000', undefined],
])('the phone number %s is %s', (written, digits) => {
  expect(normalisePhone(written)).toBe(digits);
});

describe('places', () => {
  const place = (text: string, division = '') => ({ division, tokens: placeTokens(text), text });

  test.each([
    ['幸福村3组12号', '幸福村3组12号', 'equal'],
    ['幸福村3组12号', '幸福村3组21号', 'near'],
    ['幸福村3组12号', '和平街9号', 'different'],
    ['18 Melrose Drive', 'Melrose Drive 18', 'equal'],
  ])('%s and %s: %s', (left, right, level) => {
    expect(comparePlaces(place(left), place(right))).toBe(level);
  });

  test('in one county agree by that', () => {
    expect(comparePlaces(place('甲路1号', '530102001'), place('乙村9组', '530102002003'))).toBe('different');
    expect(comparePlaces(place('甲路1号', '530102'), place('乙村9组', '530102002003'))).toBe('same-division');
  });
});
