import { expect, test } from 'vitest';
import { Failure } from '#lib/failure.ts';
import { readConfig } from './config.ts';

test('no operator has a token unless one is set', () => {
  expect(readConfig({}).MERIDIAN_OPERATOR_TOKEN).toBe('');
  expect(readConfig({ MERIDIAN_OPERATOR_TOKEN: 'sixteen-letters!' }).MERIDIAN_OPERATOR_TOKEN).toBe('sixteen-letters!');
});

test.each(['short', 'with a blank in the middle', 'x'.repeat(513), 'ümlaut-in-the-token'])('%s is refused', (token) => {
  expect(() => readConfig({ MERIDIAN_OPERATOR_TOKEN: token })).toThrow(Failure);
});
