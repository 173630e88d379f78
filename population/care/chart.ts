import type { FhirResource, Reference } from 'fhir/r4.js';
import { ageAt, type Day } from '../dates.ts';
import { referTo } from '../fhir.ts';
import { Random } from '../random.ts';
import type { Household, Person } from '../residents/person.ts';
import { uuidOf } from '../uuid.ts';

/** The record of one resident while it is written. */
export class Chart {
  readonly resources: FhirResource[] = [];
  readonly person: Person;
  readonly household: Household;
  readonly random: Random;
  readonly now: Day;
  /** The last day on which care is given: yesterday, since today's hours may not have come yet, or the day before death. */
  readonly last: Day;
  readonly subject: Reference;
  readonly #seed: number;

  constructor(person: Person, household: Household, seed: number, now: Day) {
    this.person = person;
    this.household = household;
    this.now = now;
    this.last = (person.deathDay ?? now) - 1;
    this.random = new Random(`${seed}/${person.path}/care`);
    this.subject = referTo('Patient', person.id);
    this.#seed = seed;
  }

  /** The id of the next resource; its path is the place in the record. */
  nextId(): string {
    return uuidOf(this.#seed, `${this.person.path}/care/${this.resources.length}`);
  }

  /** Appends a resource that took `nextId` as its id. */
  add(resource: FhirResource): void {
    this.resources.push(resource);
  }

  ageAt(day: Day): number {
    return ageAt(this.person.birthDay, day);
  }
}
