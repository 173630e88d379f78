import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { type FilterExpression, filterOperators, parseFilterExpression } from './filter-expression.ts';

const test = (path: string, operator: string, value: string) => ({ is: 'test', path, operator, value });

describe('a filter expression', () => {
  it.each([
    ['name eq peter', test('name', 'eq', 'peter')],
    ['name eq "peter and \\"paul\\" (both)"', test('name', 'eq', 'peter and "paul" (both)')],
    ['code eq http://loinc.org|1234-5', test('code', 'eq', 'http://loinc.org|1234-5')],
    ['subject.name co "x"', test('subject.name', 'co', 'x')],
    ['not (a eq 1)', { is: 'not', part: test('a', 'eq', '1') }],
    [
      'a eq 1 and b eq 2 and c eq 3',
      { is: 'and', parts: ['a', 'b', 'c'].map((name, i) => test(name, 'eq', `${i + 1}`)) },
    ],
    [
      'a eq 1 or b eq 2 and c eq 3',
      { is: 'and', parts: [{ is: 'or', parts: [test('a', 'eq', '1'), test('b', 'eq', '2')] }, test('c', 'eq', '3')] },
    ],
    [
      'a eq 1 or (b eq 2 and not (c eq 3))',
      {
        is: 'or',
        parts: [
          test('a', 'eq', '1'),
          { is: 'and', parts: [test('b', 'eq', '2'), { is: 'not', part: test('c', 'eq', '3') }] },
        ],
      },
    ],
  ])('is read from left to right: %s', (text, expected) => {
    expect(parseFilterExpression(text)).toEqual(expected);
  });

  it.each([
    '',
    'name',
    'name eq',
    'name is peter',
    'name eq "peter',
    'name eq "\\x"',
    'name eq a b eq c',
    '(name eq a',
    'name eq a)',
    'not name eq a',
    'name eq a and',
    'name eq ()',
    '"name" eq a',
  ])('says where it cannot be read: %s', (text) => {
    expect(() => parseFilterExpression(text)).toThrow(/_filter has .* at character \d+/);
  });

  it.each(['a eq 1 and '.repeat(101), '('.repeat(100), 'x'.repeat(20_000)])('has bounds', (text) => {
    expect(() => parseFilterExpression(`${text}a eq 1`)).toThrow(expect.objectContaining({ code: 'too-costly' }));
  });

  it('is read as it was printed', () => {
    const print = (expression: FilterExpression): string => {
      switch (expression.is) {
        case 'test':
          return `${expression.path} ${expression.operator} ${JSON.stringify(expression.value)}`;
        case 'not':
          return `not (${print(expression.part)})`;
        default:
          return expression.parts.map((part) => `(${print(part)})`).join(` ${expression.is} `);
      }
    };
    const tests = fc
      .record({
        path: fc.constantFrom('a', 'b.c', 'd:E.f'),
        operator: fc.constantFrom(...filterOperators),
        value: fc.string(),
      })
      .map((fields): FilterExpression => ({ is: 'test', ...fields }));
    const expressions = fc.letrec<{ expression: FilterExpression }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        tests,
        tie('expression').map((part): FilterExpression => ({ is: 'not', part })),
        fc
          .tuple(fc.constantFrom('and' as const, 'or' as const), tests, tie('expression'))
          .map(([is, left, right]): FilterExpression => ({ is, parts: [left, right] })),
      ),
    })).expression;
    fc.assert(
      fc.property(expressions, (expression) => {
        const text = print(expression);
        const read = parseFilterExpression(text);
        expect(parseFilterExpression(print(read))).toEqual(read);
        expect(print(read).replaceAll(/[()]/g, '')).toBe(text.replaceAll(/[()]/g, ''));
      }),
    );
  });

  it('never fails but in words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('a', 'eq', '(', ')', 'and', 'not', '"', 'b'), fc.string())),
        (words) => {
          try {
            parseFilterExpression(words.join(' '));
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
          }
        },
      ),
    );
  });
});
