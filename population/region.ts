import type { FhirResource } from 'fhir/r4.js';
import { careOf } from './care/care.ts';
import { type Day, parseDay } from './dates.ts';
import { planRegion } from './institutions/region-plan.ts';
import { institutionResources } from './institutions/resources.ts';
import type { RegionOptions } from './region-options.ts';
import { careTeamOf } from './residents/care-team.ts';
import { drawHouseholds } from './residents/households.ts';
import { type PersonNumbers, patientOf } from './residents/patient.ts';
import type { Household, Person } from './residents/person.ts';
import { Registry } from './residents/registry.ts';
import { coverageOf, groupOf, linksOf, parenthoods, relatedPersonOf } from './residents/relations.ts';

export { type DemoPerson, type DemoRole, demoPeople } from './demonstration/people.ts';
export type { RegionOptions } from './region-options.ts';

/**
 * A province with its institutions and residents as FHIR R4 resources: institutions and staff first, then family by family. Same
 * options, same resources; memory does not grow with the residents.
 */
export function* generateRegion({ seed, residents, now }: RegionOptions): Generator<FhirResource> {
  const today = parseDay(now);
  const plan = planRegion(seed, residents, today);
  for (const [serial, institution] of plan.institutions.entries()) {
    yield* institutionResources(institution, serial + 1, today);
  }
  const registry = new Registry();
  for (const household of drawHouseholds(seed, residents, today, plan.villages)) {
    yield* familyResources(household, registry, seed, today);
  }
}

function* familyResources(household: Household, registry: Registry, seed: number, now: Day): Generator<FhirResource> {
  const numbers = new Map<Person, PersonNumbers>();
  for (const member of household.members) numbers.set(member, registry.register(member, household));
  const relations = parenthoods(household, seed, now);
  for (const [member, own] of numbers) yield patientOf(member, household, own, linksOf(member, relations), now);
  for (const relation of relations) yield relatedPersonOf(relation, numbers.get(relation.parent)?.residentId ?? '');
  yield groupOf(household, seed);
  for (const [member, own] of numbers) {
    if (member.script !== 'single-entry') yield coverageOf(member, household, own.insurance, seed, now);
    if (member.isSigned) yield careTeamOf(member, household, seed, now);
    yield* careOf(member, household, seed, now);
  }
}
