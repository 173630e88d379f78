import { expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { decodeUtf8 } from './index.ts';

test('UTF-8 is decoded, a byte order mark is dropped', () => {
  expect(decodeUtf8(Buffer.from('{"名":"王😀"}'))).toBe('{"名":"王😀"}');
  expect(decodeUtf8(Buffer.from('\ufeff{}'))).toBe('{}');
  expect(decodeUtf8(new Uint8Array())).toBe('');
});

test.each([
  ['a lone continuation byte', [0x22, 0x80, 0x22]],
  ['a truncated character', [0x22, 0xe7, 0x8e]],
  ['an overlong form', [0xc0, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
])('%s is refused', (_, bytes) => {
  expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow(Failure);
  expect(decodeUtf8(Buffer.from('after'))).toBe('after');
});
