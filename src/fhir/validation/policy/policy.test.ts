import { expect, test } from 'vitest';
import { modeOf, parseOrganisations } from './policy.ts';

const policy = {
  byDefault: 'strict' as const,
  organisations: parseOrganisations({
    organisations: [
      { source: 'https://a.example/', mode: 'lenient' },
      { source: 'https://a.example/laboratory', mode: 'strict' },
      { organization: 'Organization/1', mode: 'lenient' },
    ],
  }),
};

const from = (source: string) => ({ resourceType: 'Observation', meta: { source } });

test('the longest source that fits decides', () => {
  expect(modeOf(policy, from('https://a.example/his'))).toBe('lenient');
  expect(modeOf(policy, from('https://a.example/laboratory#7'))).toBe('strict');
  expect(modeOf(policy, from('https://b.example/'))).toBe('strict');
});

test('then an organisation that the resource refers to', () => {
  const performer = (reference: string) => ({ resourceType: 'Observation', performer: [{ reference }] });
  expect(modeOf(policy, performer('Organization/1'))).toBe('lenient');
  expect(modeOf(policy, performer('https://x.example/fhir/Organization/1'))).toBe('lenient');
  expect(modeOf(policy, performer('Organization/10'))).toBe('strict');
  expect(modeOf(policy, { resourceType: 'Encounter', serviceProvider: { reference: 'Organization/1' } })).toBe(
    'lenient',
  );
  expect(modeOf({ byDefault: 'lenient', organisations: [] }, { resourceType: 'Patient' })).toBe('lenient');
});

test.each([
  [[]],
  [{}],
  [{ organisations: [{ mode: 'lenient' }] }],
  [{ organisations: [{ source: 'a', mode: 'lax' }] }],
])('a policy that says nothing clear is refused: %j', (value) => {
  expect(() => parseOrganisations(value)).toThrow();
});
