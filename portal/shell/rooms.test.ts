import { expect, test } from 'vitest';
import { roomAt, roomsOf } from './rooms.ts';

const resident = roomsOf({ role: 'resident', reference: 'Patient/1' } as Parameters<typeof roomsOf>[0]);
const clerk = roomsOf({ role: 'index-clerk', reference: 'Practitioner/1' } as Parameters<typeof roomsOf>[0]);

test('A page belongs to one room, that of its longest address', () => {
  expect(roomAt(resident, '/me/timeline')?.to).toBe('/me');
  expect(roomAt(resident, '/me/accesses')?.to).toBe('/me/accesses');
  expect(roomAt(clerk, '/people/1/consent')?.to).toBe('/people');
  expect(roomAt(clerk, '/mean')).toBeUndefined();
});

test('Residents are not led to other people, and clerks are led to duplicates', () => {
  expect(resident.map(({ to }) => to)).not.toContain('/people');
  expect(clerk.map(({ to }) => to)).toContain('/duplicates');
});
