import { describe, expect, it } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { searchParameters } from '../definitions/index.ts';
import { parsePaths, printPath } from './path-expression.ts';

const printed = (expression: string) => parsePaths(expression).map(printPath);

describe('parsePaths', () => {
  it.each([
    ['Patient.name', ['Patient.name']],
    ['Account.name | Account.type', ['Account.name', 'Account.type']],
    ['(Observation.value as Quantity)', ['Observation.value.as(Quantity)']],
    ['Condition.onset.as(Age)', ['Condition.onset.as(Age)']],
    ['Condition.onset.ofType(Age)', ['Condition.onset.as(Age)']],
    ['(Observation.value as CodeableConcept).text', ['Observation.value.as(CodeableConcept).text']],
    ['(A.b | A.c).d', ['A.b.d', 'A.c.d']],
    ["Patient.telecom.where(system = 'phone')", ["Patient.telecom.where(system='phone')"]],
    ["Patient.extension('urn:race').value", ["Patient.extension.where(url='urn:race').value"]],
    ['Account.subject.where(resolve() is Patient)', ['Account.subject.where(resolve() is Patient)']],
    ['Bundle.entry[0].resource', ['Bundle.entry[0].resource']],
    [
      'Patient.deceased.exists() and Patient.deceased != false',
      ['Patient.deceased.exists() and Patient.deceased != false'],
    ],
    ['%resource.referenceSeq', ['%resource.referenceSeq']],
    ['value.as(DateTime)', ['value.as(dateTime)']],
    ["A.where(b='it\\'s')", ["A.where(b='it's')"]],
  ])('reads %s', (expression, paths) => {
    expect(printed(expression)).toEqual(paths);
  });

  it('reads every expression of R4, and its own print of it', () => {
    const expressions = searchParameters.flatMap(({ expression, component = [] }) => [
      ...(expression ? [expression] : []),
      ...component.map((part) => part.expression),
    ]);
    expect(expressions.length).toBeGreaterThan(1300);
    for (const expression of expressions) {
      const paths = printed(expression);
      expect(paths.flatMap(printed)).toEqual(paths);
    }
  });

  it.each([
    ['Patient.name.first()', '14', 'first()'],
    ['Patient.name + 1', '13', '+ 1'],
    ["Patient.children('http://example.org')", '9', "children('http://example.org')"],
    ['Patient.', '9', ''],
    ['', '1', ''],
    ['Patient.name)', '13', ')'],
    ["A.where(b > 'c')", '10', "> 'c')"],
    ['A.b.exists() and A.c != false', '0', ''],
    ['A.b and A.b != false', '0', ''],
    ['A.where(b=1)', '11', '1)'],
    ['A[b]', '3', 'b]'],
  ])('says where it does not understand %s', (expression, at, rest) => {
    const place = at === '0' ? /from character \d+/ : `from character ${at} ("${rest}")`;
    expect(() => parsePaths(expression)).toThrow(Failure);
    expect(() => parsePaths(expression)).toThrow(place);
  });
});
