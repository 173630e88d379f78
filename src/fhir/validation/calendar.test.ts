import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typeModel } from '../definitions/index.ts';
import { isDate, isDateTime, isInstant, isTime } from './calendar.ts';

test.each(['0001', '2023', '2023-02', '2023-02-28', '2024-02-29', '2000-02-29', '9999-12-31', '1582-10-10'])(
  '%s is a date and a dateTime',
  (text) => {
    expect(isDate(text)).toBe(true);
    expect(isDateTime(text)).toBe(true);
    expect(isInstant(text)).toBe(false);
  },
);

test.each([
  '',
  '0000',
  '0000-01-01',
  '23',
  '20235',
  '2023-',
  '2023-2',
  '2023-00',
  '2023-13',
  '2023-02-30',
  '2023-02-29',
  '1900-02-29',
  '2023-04-31',
  '2023-01-00',
  '2023-01-32',
  '2023-1-01',
  '2023-01-1',
  '2023/01/01',
  '-123-01-01',
  '２０２３',
  '2023-01-01 ',
  '2023-01-01T',
  '2023-01-01Z',
])('%j is no date', (text) => {
  expect(isDate(text)).toBe(false);
  expect(isDateTime(text)).toBe(false);
});

test.each([
  '2023-02-28T00:00:00Z',
  '2023-02-28T23:59:59.999999999Z',
  '2016-12-31T23:59:60Z',
  '2023-02-28T12:00:00+08:00',
  '2023-02-28T12:00:00-12:30',
  '2023-02-28T12:00:00.5+14:00',
])('%s is an instant and a dateTime', (text) => {
  expect(isInstant(text)).toBe(true);
  expect(isDateTime(text)).toBe(true);
});

test.each([
  '2023-02-30T00:00:00Z',
  '2023-02-28T00:00:00',
  '2023-02-28T00:00Z',
  '2023-02-28T24:00:00Z',
  '2023-02-28T23:60:00Z',
  '2023-02-28T23:59:61Z',
  '2023-02-28T23:59:59.Z',
  '2023-02-28T23:59:59,5Z',
  '2023-02-28T23:59:59z',
  '2023-02-28t23:59:59Z',
  '2023-02-28 23:59:59Z',
  '2023-02-28T23:59:59+8:00',
  '2023-02-28T23:59:59+0800',
  '2023-02-28T23:59:59+14:01',
  '2023-02-28T23:59:59+15:00',
  '2023-02-28T23:59:59+08:60',
  '2023-02-28T23:59:59Z ',
  '2023-02-28T23:59:59.123',
])('%s is no instant', (text) => {
  expect(isInstant(text)).toBe(false);
  expect(isDateTime(text)).toBe(false);
});

test('a time has seconds and no zone', () => {
  for (const text of ['00:00:00', '23:59:60', '12:30:15.25']) expect(isTime(text)).toBe(true);
  for (const text of ['', '24:00:00', '12:30', '12:30:15Z', '12:30:15.', '1:30:15']) expect(isTime(text)).toBe(false);
});

const digit = fc.constantFrom(...'00112233456789');
const almostInstant = fc
  .tuple(
    fc.constantFrom('dddd-dd-ddTdd:dd:ddZ', 'dddd-dd-ddTdd:dd:dd.ddd+dd:dd', 'dddd-dd-dd', 'dddd-dd'),
    fc.array(digit, { minLength: 24, maxLength: 24 }),
  )
  .map(([form, digits]) => digits.reduce((text, next) => text.replace('d', next), form));

test('what it accepts is what the definition matches, less the days that do not exist', () => {
  const pattern = new RegExp(`^(?:${typeModel('dateTime')?.pattern})$`);
  const exists = (text: string): boolean => {
    const day = text.slice(0, 10);
    return day.length < 10 || new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  };
  fc.assert(
    fc.property(almostInstant, (text) => isDateTime(text) === (pattern.test(text) && exists(text))),
    { numRuns: 20_000 },
  );
});
