import { expect, test } from 'vitest';
import { type Access, fullAccess } from '#fhir/access/index.ts';
import { nothing } from '#fhir/search/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { refuseOpeners } from './refuse-openers.ts';

const as = (role: string, organization: string | undefined = 'Organization/own') => ({
  actor: { reference: 'Practitioner/self', display: role, role, purpose: 'TREAT', organization },
  conditionOf: () => nothing,
  mayRun: () => false,
  parties: new Set(['Practitioner/self', 'Organization/own', 'Organization/hospital']),
});

function isRefused(resource: JsonObject, stored: JsonObject | undefined, access: Access): boolean {
  try {
    refuseOpeners(resource, stored && JSON.stringify(stored), access);
    return false;
  } catch (error) {
    if (error instanceof Failure && error.code === 'forbidden') return true;
    throw error;
  }
}

const reference = (text: string) => ({ reference: text });
const patient = { resourceType: 'Patient', id: 'p' };
const linked = { ...patient, link: [{ other: reference('RelatedPerson/r'), type: 'seealso' }] };
const mother = { resourceType: 'RelatedPerson', patient: reference('Patient/p'), relationship: [{ text: 'MTH' }] };
const visit = (organization: string) => ({ resourceType: 'Encounter', serviceProvider: reference(organization) });
const team = (member: string) => ({ resourceType: 'CareTeam', participant: [{ member: reference(member) }] });

const booking = (...actors: string[]) => ({
  resourceType: 'Appointment',
  participant: actors.map((actor) => ({ actor: reference(actor) })),
});

test.each<[string, JsonObject, JsonObject | undefined, string, boolean]>([
  ['books for one person', booking('Patient/p', 'Practitioner/x'), undefined, 'resident', false],
  ['books for another beside oneself', booking('Patient/p', 'Patient/q'), undefined, 'resident', true],
  ['books for two', booking('Patient/p', 'http://a.org/fhir/Patient/q'), undefined, 'hospital-physician', true],
  ['links a person', linked, patient, 'receptionist', true],
  ['creates a linked person', linked, undefined, 'hospital-physician', true],
  ['keeps a link', { ...linked, gender: 'male' }, linked, 'receptionist', false],
  ['takes a link away', patient, linked, 'receptionist', false],
  ['links a person', linked, patient, 'index-clerk', false],
  ['links a person', linked, patient, 'system', false],
  ['puts down a mother', mother, undefined, 'family-doctor', false],
  ['makes her that of another child', { ...mother, patient: reference('Patient/q') }, mother, 'family-doctor', true],
  ['makes an aunt a mother', mother, { ...mother, relationship: [{ text: 'AUNT' }] }, 'receptionist', true],
  ['opens a visit at the own hospital', visit('Organization/hospital'), undefined, 'receptionist', false],
  ['opens a visit elsewhere', visit('Organization/other'), undefined, 'receptionist', true],
  ['moves a visit elsewhere', visit('Organization/other'), visit('Organization/own'), 'hospital-physician', true],
  ['names it by an address', visit('https://x/fhir/Organization/other/_history/1'), undefined, 'receptionist', true],
  [
    'writes on a visit elsewhere',
    { ...visit('Organization/other'), status: 'finished' },
    visit('Organization/other'),
    'family-doctor',
    false,
  ],
  [
    'takes over a registration',
    { ...patient, managingOrganization: reference('Organization/other') },
    patient,
    'receptionist',
    true,
  ],
  [
    'registers at home',
    { ...patient, managingOrganization: reference('Organization/own') },
    patient,
    'receptionist',
    false,
  ],
  [
    'makes another the doctor',
    { ...patient, generalPractitioner: [reference('Practitioner/other')] },
    patient,
    'family-doctor',
    true,
  ],
  [
    'becomes the doctor',
    { ...patient, generalPractitioner: [reference('Practitioner/self')] },
    patient,
    'family-doctor',
    false,
  ],
  ['lets another hospital into a team', team('Organization/other'), undefined, 'family-doctor', true],
  ['lets a colleague into a team', team('Practitioner/colleague'), undefined, 'family-doctor', false],
  ['opens a visit elsewhere', visit('Organization/other'), undefined, 'system', true],
])('%s: %j after %j as %s is refused: %s', (_, resource, stored, role, expected) => {
  expect(isRefused(resource, stored, as(role))).toBe(expected);
});

test('a system of no institution and the operator name whom they like', () => {
  const platform = as('system');
  expect(
    isRefused(visit('Organization/other'), undefined, {
      ...platform,
      actor: { ...platform.actor, organization: undefined },
    }),
  ).toBe(false);
  expect(isRefused(linked, patient, fullAccess(as('receptionist').actor))).toBe(false);
});
