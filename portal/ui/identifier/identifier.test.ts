import { expect, test } from 'vitest';
import { endingOf, identifierKind, identifierOf, printRecordNumber } from './identifier.ts';

test('an id number has 18 places and may end in X', () => {
  expect(identifierKind({ value: '11010519491231002X' })).toBe('id-card');
  expect(identifierKind({ value: '41010200100300125' })).toBe('health-record');
  expect(identifierKind({ value: 'MRN-7' })).toBe('other');
});

test('only the ending of an id number is shown', () => {
  expect(endingOf('11010519491231002X')).toBe('002X');
});

test('a record number is printed as committee and serial', () => {
  expect(printRecordNumber('41010200100300125')).toBe('003-00125');
  expect(printRecordNumber('MRN-7')).toBe('MRN-7');
});

test('the identifier of a kind is found among others', () => {
  const identifiers = [{ value: '41010200100300125' }, { value: '11010519491231002X' }];
  expect(identifierOf('id-card', identifiers)).toBe('11010519491231002X');
  expect(identifierOf('other', identifiers)).toBeUndefined();
});
