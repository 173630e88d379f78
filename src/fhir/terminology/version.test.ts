import { expect, test } from 'vitest';
import { compareVersions, matchesVersion, splitCanonical } from './version.ts';

test.each([
  ['1.0.0', '1.0.0', true],
  ['1.x.x', '1.2.0', true],
  ['1.*', '1.2.0', true],
  ['1.x', '2.0', false],
  ['1', '1.0.0', false],
  ['2024-01-x', '2024-01-31', false],
])('%s names %s: %s', (pattern, version, isNamed) => {
  expect(matchesVersion(pattern, version)).toBe(isNamed);
});

test('versions are in the order of their numbers', () => {
  const versions = ['1.10.0', '1.9', '2', '1.9.1', '20240901', '20240131', '1.0.0-beta', '1.0.0-alpha'];
  expect(versions.sort(compareVersions)).toEqual([
    '1.0.0-alpha',
    '1.0.0-beta',
    '1.9',
    '1.9.1',
    '1.10.0',
    '2',
    '20240131',
    '20240901',
  ]);
});

test('a canonical has two parts', () => {
  expect(splitCanonical('http://a.b/c|1|2')).toEqual({ url: 'http://a.b/c', version: '1|2' });
  expect(splitCanonical('http://a.b/c')).toEqual({ url: 'http://a.b/c', version: undefined });
});
