import type { PersonNumbers } from './patient.ts';
import type { Household, Person } from './person.ts';
import { ResidentIds } from './resident-id.ts';

/** Gives residents their numbers, in the order in which their records are opened. */
export class Registry {
  readonly #ids = new ResidentIds();
  readonly #recordsByVillage = new Map<string, number>();
  #residents = 0;

  register(person: Person, { village }: Household): PersonNumbers {
    const county = village.county.division.code;
    const serial = (this.#recordsByVillage.get(village.division.code) ?? 0) + 1;
    if (serial > 99_999) throw new RangeError(`Serial space exhausted in ${village.division.code}`);
    this.#recordsByVillage.set(village.division.code, serial);
    this.#residents += 1;
    return {
      residentId: this.#ids.next(county, person.birthDay, person.sex),
      // 17 digits: county, township, village, serial in the village
      healthRecord: `${village.division.code}${String(serial).padStart(5, '0')}`,
      insurance: `${county.slice(0, 4)}${String(this.#residents).padStart(10, '0')}`,
    };
  }
}
