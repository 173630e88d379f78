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

test.each([
  { PORT: '65536' },
  { MERIDIAN_POOL: 'many' },
  { MERIDIAN_POOL: '-3' },
  { MERIDIAN_CHANGE_DAYS: '0' },
  { MERIDIAN_EXPORT_HOURS: 'soon' },
  { MERIDIAN_CONDITIONAL_DELETES: '1001' },
  { MERIDIAN_REFERENCES: 'ignore' },
  { MERIDIAN_TEXT_SEARCH: 'all' },
  { MERIDIAN_VALIDATION: 'none' },
  { MERIDIAN_BASE_URL: 'record.example.org' },
  { MERIDIAN_EXPORT_S3: 'https://storage.example.org' },
  { HOST: '0.0.0.0' },
  { LOG_LEVEL: 'loud' },
])('%o stops the start, by its name', (environment) => {
  const [[name, value] = []] = Object.entries(environment);
  expect(() => readConfig(environment)).toThrow(new RegExp(`^${name}\\b.*${value}`));
});

test('an address is kept without the slash at its end', () => {
  expect(readConfig({ MERIDIAN_BASE_URL: 'https://example.org/fhir/' }).MERIDIAN_BASE_URL).toBe(
    'https://example.org/fhir',
  );
});
