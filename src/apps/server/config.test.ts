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
  { HOST: 'record.example.org' },
  { MERIDIAN_SECOND_FACTOR: 'some' },
  { MERIDIAN_PROXIES: '10.0.0.300' },
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

test.each([
  ['https://record.example.org/fhir', true],
  ['http://localhost:8080/fhir', true],
  ['http://record.example.org/fhir', false],
])('behind %s the network may reach the server: %s', (address, isOpen) => {
  const read = () => readConfig({ HOST: '0.0.0.0', MERIDIAN_BASE_URL: address });
  if (isOpen) expect(read().HOST).toBe('0.0.0.0');
  else expect(read).toThrow(/HOST=0.0.0.0 opens the records/);
});

test('a vault key has 32 bytes', () => {
  expect(() => readConfig({ MERIDIAN_VAULT_KEY: 'c2hvcnQ=' })).toThrow(/MERIDIAN_VAULT_KEY must be 32 bytes/);
});
