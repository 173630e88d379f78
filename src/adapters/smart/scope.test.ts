import { expect, test } from 'vitest';
import { covers, narrowScopes } from './scope.ts';

test.each([
  ['patient/*.rs', 'patient/Observation.rs'],
  ['patient/*.rs', 'patient/Observation.rs?category=laboratory'],
  ['patient/*.read', 'patient/Observation.s'],
  ['user/*.cruds', 'user/Patient.write'],
  ['patient/Observation.rs?category=laboratory', 'patient/Observation.r?category=laboratory'],
  ['openid', 'openid'],
])('%s gives %s', (given, asked) => {
  expect(covers(given, asked)).toBe(true);
});

test.each([
  ['patient/Observation.rs', 'patient/*.rs'],
  ['patient/*.rs', 'user/Observation.rs'],
  ['patient/*.rs', 'system/Observation.rs'],
  ['patient/*.rs', 'patient/Observation.cud'],
  ['patient/*.read', 'patient/*.*'],
  ['patient/Observation.rs?category=laboratory', 'patient/Observation.rs'],
  ['patient/Observation.rs?category=laboratory', 'patient/Observation.rs?category=vital-signs'],
  ['patient/Observation.rs?category=laboratory', 'patient/Observation.rs?category=laboratory,vital-signs'],
  ['launch', 'launch/patient'],
  ['openid', 'offline_access'],
])('%s does not give %s', (given, asked) => {
  expect(covers(given, asked)).toBe(false);
});

test('what does not exist is given to nobody, and nothing twice', () => {
  const given = ['openid', 'patient/*.rs', 'patient/Nothing.rs', 'admin'];
  expect(narrowScopes(['openid', 'openid', 'admin', 'patient/Nothing.rs', 'patient/Patient.r'], given)).toEqual([
    'openid',
    'patient/Patient.r',
  ]);
});
