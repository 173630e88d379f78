import { type Day, dayOf, printDay } from '../dates.ts';
import type { Sex } from './names.ts';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The 18th character of a resident id number (GB 11643), from the first 17. */
export function residentIdCheck(first17: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += (weights[index] ?? 0) * Number(first17.charAt(index));
  return '10X98765432'.charAt(sum % 11);
}

const firstBirth = dayOf(1900, 1, 1);
const births = 60_000;
const numbersPerBirthday = 500;

/**
 * Gives out resident id numbers, none twice: one small counter for each county, birthday and sex, so memory does not grow with
 * the residents.
 */
export class ResidentIds {
  readonly #counters = new Map<string, Uint16Array>();

  next(county: string, birthDay: Day, sex: Sex): string {
    let counters = this.#counters.get(county);
    if (counters === undefined) {
      counters = new Uint16Array(births * 2);
      this.#counters.set(county, counters);
    }
    const index = (birthDay - firstBirth) * 2 + (sex === 'male' ? 1 : 0);
    const turn = counters[index] ?? 0;
    if (turn >= numbersPerBirthday) throw new RangeError(`No id number is left for ${county}, ${printDay(birthDay)}`);
    counters[index] = turn + 1;
    const scattered = ((birthDay * 37 + turn * 211) % numbersPerBirthday) + (birthDay < 0 ? numbersPerBirthday : 0);
    const serial = (scattered % numbersPerBirthday) * 2 + (sex === 'male' ? 1 : 0);
    const first17 = `${county}${printDay(birthDay).replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
    return first17 + residentIdCheck(first17);
  }
}
