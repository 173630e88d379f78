import type { FhirResource } from 'fhir/r4.js';
import type { Day } from '../dates.ts';
import type { Household, Person } from '../residents/person.ts';

/** Years of care of one resident. */
export function* careOf(_person: Person, _household: Household, _seed: number, _now: Day): Generator<FhirResource> {}
