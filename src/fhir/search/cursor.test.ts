import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { parseCursor, printCursor } from './cursor.ts';

const byDateAndName = [
  { source: 'date', paths: [1], descending: true },
  { source: 'string', paths: [2], descending: false },
] as const;

describe('parseCursor', () => {
  it('reads what printCursor wrote', () => {
    const cursors = fc.record(
      {
        rid: fc.nat(),
        values: fc.tuple(fc.option(fc.integer().map(String)), fc.option(fc.string().filter((s) => !s.includes('\0')))),
        total: fc.nat(),
      },
      { requiredKeys: ['rid', 'values'] },
    );
    fc.assert(
      fc.property(cursors, (cursor) => {
        expect(parseCursor(printCursor(cursor), byDateAndName)).toEqual(cursor);
      }),
    );
  });

  it.each([
    ['nonsense', 'abc'],
    ['JSON that is no list', Buffer.from('{}').toString('base64url')],
    ['another number of keys', printCursor({ rid: 1, values: [] })],
    ['a date that is no number', printCursor({ rid: 1, values: ['1; drop table', 'a'] })],
    ['a number where a text belongs', printCursor({ rid: 1, values: ['1', 2] })],
    ['a broken rid', printCursor({ rid: 1.5, values: ['1', 'a'] })],
    ['NUL', printCursor({ rid: 1, values: ['1', 'a\0'] })],
  ])('refuses %s', (_, text) => {
    expect(() => parseCursor(text, byDateAndName)).toThrow(Failure);
  });
});
