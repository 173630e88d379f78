import { expect, test } from 'vitest';
import { resourceTypes } from '#fhir/definitions/index.ts';
import { isOfRecord } from '../conditions.ts';
import { policy } from './index.ts';
import {
  appointments,
  catalogue,
  directory,
  healthRecord,
  insurance,
  knowledge,
  neverStored,
  payments,
  singular,
  sourcePool,
} from './types.ts';

const lists: readonly string[] = [
  ...appointments,
  ...catalogue,
  ...directory,
  ...healthRecord,
  ...insurance,
  ...knowledge,
  ...neverStored,
  ...payments,
  ...singular,
  ...sourcePool,
];

test('every type of R4 stands in one list', () => {
  expect([...lists].sort()).toEqual([...resourceTypes]);
});

test('what is known of a person belongs to the record of one', () => {
  expect([...healthRecord, ...insurance, ...appointments].filter((type) => !isOfRecord(type))).toEqual([]);
});

test('somebody may read every type that is stored', () => {
  const read = new Set(policy.filter(({ may }) => may.includes('read')).flatMap((rule) => rule.of));
  expect(resourceTypes.filter((type) => !read.has(type))).toEqual([...neverStored].sort());
});

test('of the record of a person, only clients of systems may delete', () => {
  const isHarmless = (type: string, when: readonly string[]): boolean =>
    !isOfRecord(type) || type === 'Schedule' || when.join() === 'about nobody';
  const roles = policy
    .filter(({ may, of, when }) => may.includes('delete') && !of.every((type) => isHarmless(type, when)))
    .flatMap((rule) => rule.roles);
  expect([...new Set(roles)]).toEqual(['system']);
});
