import { expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { isRawNumber, type JsonObject, numberText, numberValue, parseJson, printJson } from './index.ts';

function failureOf(text: string, options?: { maxDepth: number }): Failure {
  try {
    parseJson(text, options);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`${text.slice(0, 80)} was parsed`);
}

test.each([
  '1.00',
  '0.10',
  '1e3',
  '1E+3',
  '-0',
  '-0.0',
  '100000000000000000001',
  '0.0000001',
  '3.14159265358979323846',
  '1e400',
])('%s keeps its digits', (number) => {
  const text = `{"value":${number},"list":[${number},1]}`;
  const value = parseJson(text) as JsonObject;
  expect(printJson(value)).toBe(text);
  expect(isRawNumber(value.value)).toBe(true);
  expect(numberText(value.value)).toBe(number);
  expect(numberValue(value.value)).toBe(Number(number));
});

test.each(['0', '1', '-1', '1.5', '0.001', '9007199254740991', '42.36'])('%s is a plain number', (number) => {
  expect(parseJson(number)).toBe(Number(number));
  expect(numberText(parseJson(number))).toBe(number);
});

test('a number after a raw number, in a string or as a name is left alone', () => {
  const text = '{"1.00":"2.00","a":"say \\"3.00\\"","b":[4.00,"\\\\"],"c":5.00}';
  expect(printJson(parseJson(text))).toBe(text);
});

test.each([
  ['', 'empty'],
  ['{"a":1', 'line 1, column 7'],
  ['{"a":1.00', 'line 1, column 10'],
  ['{\n  "a" 1}', 'line 2, column 7'],
  ['[01.0]', 'line 1, column 3'],
  ['[1.]', 'line 1, column 4'],
  ['{1.00:2}', 'line 1, column 2'],
  ['{"a":"\u0001"}', 'no JSON'],
  ['undefined', 'no JSON'],
])('%j is refused and told where', (text, where) => {
  expect(failureOf(text)).toMatchObject({ code: 'invalid', message: expect.stringContaining(where) });
});

test('nesting is limited, brackets in strings do not count', () => {
  expect(failureOf('['.repeat(100_000))).toMatchObject({ code: 'too-costly' });
  expect(failureOf('{"a":'.repeat(1_000_000)).message).toContain('column 501');
  expect(failureOf('[[[1]]]', { maxDepth: 2 }).message).toContain('2 levels at line 1, column 3');
  expect(parseJson('[["[[[{{{"],["]"]]', { maxDepth: 2 })).toEqual([['[[[{{{'], [']']]);
  expect(parseJson(`${'['.repeat(100)}${']'.repeat(100)}`)).toHaveLength(1);
});

test('characters that the store cannot hold are refused', () => {
  expect(failureOf('{"a":"x\\u0000"}').message).toContain('NUL');
  expect(failureOf('{"\\u0000":1}').message).toContain('NUL');
  expect(failureOf('{"a":"\\ud83d"}').message).toContain('surrogate');
  expect(failureOf('{"a":"\\uDE00\\uD83D"}').message).toContain('surrogate');
  expect(failureOf('{"\\udead":1}').message).toContain('surrogate');
  expect(failureOf('["ok", "\ud83d"]').message).toContain('line 1, column 9');
  expect(parseJson('["\\ud83d\\ude00","\\\\u0000","\\\\ud83d"]')).toEqual(['😀', '\\u0000', '\\ud83d']);
});

test('a name that stands twice in one object is refused', () => {
  expect(failureOf('{"a":1,"b":{"a":1},"a":2}').message).toContain(
    '"a" stands twice in one JSON object, again at line 1, column 20',
  );
  expect(failureOf('{"a":1,"\\u0061":2}').message).toContain('"a" stands twice');
  expect(failureOf('[{"a:":1.0, "a:" :1}]').message).toContain('"a:" stands twice');
  expect(parseJson('[{"a":1},{"a":{"a":"a:"}}]')).toEqual([{ a: 1 }, { a: { a: 'a:' } }]);
});

test('names of prototypes are names like others', () => {
  const text = '{"__proto__":{"polluted":1.0},"constructor":{"prototype":2.0},"__proto__2":0.0}';
  const value = parseJson(text) as JsonObject;
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor', '__proto__2']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(({} as JsonObject).polluted).toBeUndefined();
  expect(printJson(value)).toBe(text);
  expect(printJson(parseJson('{"__proto__":1.0}'))).toBe('{"__proto__":1.0}');
});

test('a string of ten million characters is no difficulty', () => {
  const text = JSON.stringify({ a: '"\\'.repeat(2_500_000), b: 'x'.repeat(5_000_000) });
  expect(printJson(parseJson(text))).toBe(text);
  expect(failureOf(`${text.slice(0, -1)},"a":1}`).message).toContain('"a" stands twice');
});
