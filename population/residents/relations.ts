import type { Coverage, FhirResource, Group, PatientLink, RelatedPerson } from 'fhir/r4.js';
import { ageAt, type Day, dayOf, printDay, yearOf } from '../dates.ts';
import { bareConcept, conceptOf, referTo, termsOf } from '../fhir.ts';
import { elementAt } from '../random.ts';
import { systems } from '../systems.ts';
import { coverageTypes } from '../tables/social.ts';
import { uuidOf } from '../uuid.ts';
import { humanNames } from './names.ts';
import type { Household, Person } from './person.ts';

const family = termsOf(systems.snomed)('35359004', '家庭', 'Family');

/** A parent as the RelatedPerson of a child, and the child to whom it belongs. */
export interface Parenthood {
  id: string;
  role: 'MTH' | 'FTH';
  parent: Person;
  child: Person;
}

/** Parents of the minors of a household. */
export function parenthoods(household: Household, seed: number, now: Day): Parenthood[] {
  return household.members
    .filter((member) => ageAt(member.birthDay, now) < 18)
    .flatMap((child) => {
      const pairs = [
        ['MTH', child.mother],
        ['FTH', child.father],
      ] as const;
      return pairs.flatMap(([role, parent]) =>
        parent === undefined ? [] : [{ id: uuidOf(seed, `${child.path}/${role}`), role, parent, child }],
      );
    });
}

/** The same human is a Patient and somebody's RelatedPerson. http://hl7.org/fhir/R4/patient-definitions.html#Patient.link */
export function linksOf(person: Person, relations: readonly Parenthood[]): PatientLink[] {
  return relations
    .filter(({ parent }) => parent === person)
    .map(({ id }) => ({ other: referTo('RelatedPerson', id), type: 'seealso' }));
}

export function relatedPersonOf({ id, role, parent, child }: Parenthood, residentId: string): RelatedPerson {
  return {
    resourceType: 'RelatedPerson',
    id,
    identifier: [{ use: 'official', system: systems.residentId, value: residentId }],
    active: parent.deathDay === undefined,
    patient: referTo('Patient', child.id, child.name.text),
    relationship: [bareConcept(systems.roleCode, role)],
    name: humanNames(parent.name),
    ...(parent.phone && { telecom: [{ system: 'phone', use: 'mobile', value: parent.phone }] }),
    gender: parent.sex,
    birthDate: printDay(parent.birthDay),
  };
}

/** The household as a Group, for services that go to families. */
export function groupOf(household: Household, seed: number): Group {
  const head = elementAt(household.members, 0);
  return {
    resourceType: 'Group',
    id: uuidOf(seed, `${household.path}/group`),
    identifier: [{ system: systems.household, value: `${household.village.division.code}-${household.index}` }],
    active: true,
    type: 'person',
    actual: true,
    code: conceptOf(family),
    name: `${head.name.text}家庭`,
    quantity: household.members.length,
    managingEntity: referTo('Organization', household.village.centre.id),
    member: household.members.map(({ id, name }) => ({ entity: referTo('Patient', id, name.text) })),
  };
}

/** The insurance of the year; half of the towns' workers are insured as employees (assumption). */
export function coverageOf(person: Person, household: Household, number: string, seed: number, now: Day): FhirResource {
  const age = ageAt(person.birthDay, now);
  const isEmployee = age >= 22 && !household.village.isRural && (household.index * 7 + person.birthDay) % 10 < 5;
  const coverage: Coverage = {
    resourceType: 'Coverage',
    id: uuidOf(seed, `${person.path}/coverage`),
    status: person.deathDay === undefined ? 'active' : 'cancelled',
    type: conceptOf(isEmployee ? coverageTypes.employee : coverageTypes.resident),
    subscriberId: number,
    beneficiary: referTo('Patient', person.id),
    relationship: bareConcept('http://terminology.hl7.org/CodeSystem/subscriber-relationship', 'self'),
    period: { start: printDay(dayOf(yearOf(now), 1, 1)), end: printDay(dayOf(yearOf(now), 12, 31)) },
    payor: [referTo('Organization', household.village.county.insurer.id, household.village.county.insurer.name.zh)],
  };
  return coverage;
}
