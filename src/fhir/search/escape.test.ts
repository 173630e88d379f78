import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeValue, splitEscaped, unescapeValue } from './escape.ts';

describe('splitEscaped', () => {
  it.each([
    ['a,b', ',', ['a', 'b']],
    ['a\\,b,c', ',', ['a\\,b', 'c']],
    ['a\\\\,b', ',', ['a\\\\', 'b']],
    ['', ',', ['']],
    ['system|code', '|', ['system', 'code']],
    ['a\\|b|c', '|', ['a\\|b', 'c']],
    ['a\\', ',', ['a\\']],
  ] as const)('divides %s at %s', (text, separator, parts) => {
    expect(splitEscaped(text, separator)).toEqual(parts);
  });

  it('finds the values again that were escaped and joined', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (values) => {
        const written = values.map(escapeValue).join(',');
        expect(splitEscaped(written, ',').map(unescapeValue)).toEqual(values);
      }),
    );
  });
});

describe('unescapeValue', () => {
  it('leaves a backslash that escapes nothing', () => {
    expect(unescapeValue('C:\\temp')).toBe('C:\\temp');
  });
});
