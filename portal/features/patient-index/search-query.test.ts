import { describe, expect, test } from 'vitest';
import { parseSearch, searchAddress } from './search-query.ts';

describe('what is typed into the one field', () => {
  test.each([
    ['', 'all', []],
    ['  ', 'all', []],
    ['林素琴', 'name', [['name', '林素琴']]],
    [
      'lin suqin',
      'name',
      [
        ['name', 'lin'],
        ['name', 'suqin'],
      ],
    ],
    [
      '林 1958',
      'name',
      [
        ['name', '林'],
        ['birthdate', '1958'],
      ],
    ],
    ['110105 19491231 002x', 'id-card', [['identifier', '11010519491231002X']]],
    ['41010200100300125', 'health-record', [['identifier', '41010200100300125']]],
    ['138 0000 1234', 'phone', [['phone', '13800001234']]],
    ['+86 138-0000-1234', 'phone', [['phone', '13800001234']]],
    ['0571-88881234', 'phone', [['phone', '057188881234']]],
    ['MRN12345', 'number', [['identifier', 'MRN12345']]],
    ['a|b', 'name', [['name', 'a\\|b']]],
  ])('%j is a search by %s', (text, kind, parameters) => {
    expect(parseSearch(text)).toEqual({ kind, parameters });
  });
});

test('the newest records come first when nothing is typed, otherwise names in order', () => {
  expect(searchAddress(parseSearch(''), 50)).toBe('Patient?_sort=-_lastUpdated&_count=50&_total=accurate');
  expect(searchAddress(parseSearch('林'), 50)).toBe(
    'Patient?name=%E6%9E%97&_sort=family%2Cbirthdate&_count=50&_total=accurate',
  );
});
