import { expect, test } from 'vitest';
import { nextAddress } from './next-address.ts';

const origin = 'https://record.example.org';

test.each(['/people/1?tab=2', '/authorize?interaction=x', '/'])('%s is where one was heading', (address) => {
  expect(nextAddress(address, origin)).toBe(address);
});

test.each([
  null,
  '',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/%5C/../\\\\evil.example',
  '\\\\evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/.//evil.example',
])('%j leads to the start', (address) => {
  expect(nextAddress(address, origin)).toBe('/');
});
