import { expect, test } from 'vitest';
import { groupScopes, plainScopes } from './scope-groups.ts';

const about = (type: string, letters: string, query: [string, string][] = []) => ({
  context: 'patient' as const,
  type,
  letters: [...letters] as ('r' | 's' | 'c' | 'u' | 'd')[],
  query,
});

const scopes = [
  { scope: 'openid', about: null },
  { scope: 'offline_access', about: null },
  {
    scope: 'patient/Observation.rs?category=c|laboratory',
    about: about('Observation', 'rs', [['category', 'c|laboratory']]),
  },
  { scope: 'patient/DiagnosticReport.rs', about: about('DiagnosticReport', 'rs') },
  { scope: 'patient/Basic.cruds', about: about('Basic', 'cruds') },
  { scope: 'patient/*.rs', about: about('*', 'rs') },
];

test('scopes are told in groups that people know', () => {
  expect(groupScopes(scopes)).toMatchObject([
    { group: 'results', canChange: false, parts: ['laboratory'], scopes: [scopes[2]?.scope, scopes[3]?.scope] },
    { group: 'other', types: ['Basic'], canChange: true },
    { group: 'everything', canChange: false },
  ]);
  expect(plainScopes(scopes)).toEqual(['openid', 'offline_access']);
});
