import { expect, test } from 'vitest';
import { rangeText, unitText, valueText } from './quantity.ts';

test('units are written as clinicians write them', () => {
  expect(unitText({ code: 'mm[Hg]', unit: 'mm[Hg]' }, 'en')).toBe('mmHg');
  expect(unitText({ code: 'mmol/L' }, 'en')).toBe('mmol/L');
  expect(unitText({ unit: '次/分', code: '/min' }, 'zh-CN')).toBe('次/分');
  expect(unitText({ unit: '次/分', code: '/min' }, 'en')).toBe('/min');
  expect(unitText({ unit: '片', code: '{tablet}' }, 'en')).toBe('tablet');
  expect(unitText({}, 'en')).toBe('');
});

test('a value keeps the decimals of its measurement', () => {
  expect(valueText(7, 1)).toBe('7.0');
  expect(valueText(1.234)).toBe('1.23');
  expect(valueText(71)).toBe('71');
});

test('a range is open where it has no bound', () => {
  expect(rangeText({ low: { value: 3.9 }, high: { value: 6.1 } }, 'to')).toBe('3.9 to 6.1');
  expect(rangeText({ high: { value: 7, comparator: '<' } }, 'to', 1)).toBe('< 7.0');
  expect(rangeText({ low: { value: 60 } }, 'to')).toBe('≥ 60');
  expect(rangeText({}, 'to')).toBe('');
});
