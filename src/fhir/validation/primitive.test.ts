import { expect, test } from 'vitest';
import { type JsonValue, parseJson } from '#lib/json/index.ts';
import { primitiveCheck } from './primitive.ts';

const accepted: Record<string, JsonValue[]> = {
  base64Binary: ['YWJj'],
  boolean: [true, false],
  canonical: ['http://example.org/x|1.0#y', '#local'],
  code: ['a', 'final', 'two words', '医生'],
  date: ['2024-02-29'],
  dateTime: ['2024', '2024-02-29T00:00:00Z'],
  decimal: [0, -1.5, 1e-7, parseJson('1.00'), parseJson('12345678901234567890.5'), parseJson('1e3')],
  id: ['a', 'A-1.b', 'x'.repeat(64)],
  instant: ['2024-02-29T00:00:00.1Z'],
  integer: [0, -2147483648, 2147483647],
  markdown: ['# a\n\tb'],
  oid: ['urn:oid:1.2.156.10.0'],
  positiveInt: [1, 2147483647],
  string: ['x', ' x ', '李　小龙', '\t\r\n.', 'x'.repeat(1_048_576)],
  time: ['12:00:00'],
  unsignedInt: [0, 7],
  uri: ['urn:x', 'http://example.org/ü?a=b', 'relative'],
  url: ['mailto:a@example.org'],
  uuid: ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
  xhtml: ['<div>x</div>'],
};

const refused: Record<string, JsonValue[]> = {
  base64Binary: ['', 'abc', 'ab=c'],
  boolean: ['true', 'false', 0, 1],
  canonical: ['', 'a b'],
  code: ['', ' a', 'a ', 'a  b', 'a\n', ' '],
  date: ['', '2023-02-30', '2024-02-29T00:00:00Z', 'today'],
  dateTime: ['', '2023-02-30', '2024-02-29T00:00'],
  decimal: ['1.0', '', Number.NaN, parseJson('1e999')],
  id: ['', 'a_b', 'a b', 'x'.repeat(65), '医', 'a\n'],
  instant: ['2024', '2024-02-29'],
  integer: [1.5, 2147483648, -2147483649, '1', parseJson('1.0'), parseJson('1e3')],
  markdown: [''],
  oid: ['1.2.3', 'urn:oid:3.1', 'urn:oid:1.02', 'urn:oid:1'],
  positiveInt: [0, -1],
  string: ['', 'x'.repeat(1_048_577)],
  time: ['12:00'],
  unsignedInt: [-1],
  uri: ['', 'a b', ' a'],
  url: ['a\tb'],
  uuid: ['c757873d-ec9a-4326-a141-556f43239520', 'urn:uuid:1', 'urn:uuid:C757873D-EC9A-4326-A141-556F43239520'],
  xhtml: ['x', '<div><script/></div>'],
};

test.each(Object.keys(accepted))('%s takes its values and nothing else', (type) => {
  const check = primitiveCheck(type);
  for (const value of accepted[type] ?? []) expect([value, check(value)]).toEqual([value, undefined]);
  for (const value of [...(refused[type] ?? []), null, {}, [], [accepted[type]?.[0] ?? null]]) {
    expect([value, check(value)]).toEqual([value, expect.stringMatching(/^must /)]);
  }
});

test('a problem says what is expected and shows the value, shortened', () => {
  expect(primitiveCheck('date')('2023-02-30')).toBe(
    'must be a date of the calendar like 1985, 1985-04 or 1985-04-12, not "2023-02-30"',
  );
  expect(primitiveCheck('boolean')('true')).toBe('must be true or false without quotes, not "true"');
  expect(primitiveCheck('positiveInt')(parseJson('1.0'))).toContain('not 1.0');
  expect(primitiveCheck('string')([])).toContain('not an array');
  expect(primitiveCheck('id')('_'.repeat(1000))?.length).toBeLessThan(150);
});
