import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBase64 } from './base64.ts';

test.each(['YQ==', 'YWI=', 'YWJj', 'ab+/', 'YW Jj\r\nYW\tI='])('%j is base64', (text) => {
  expect(isBase64(text)).toBe(true);
});

test.each(['', ' ', 'YQ', 'YQ=', 'YQ===', '====', 'Y===', 'YQ=a', 'YQ==YQ==', 'ab-_', 'YWJj!', 'ＹＷＪｊ'])(
  '%j is no base64',
  (text) => {
    expect(isBase64(text)).toBe(false);
  },
);

test('whatever is encoded is base64, less one digit is not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      return isBase64(text) && !isBase64(text.slice(1));
    }),
  );
});
