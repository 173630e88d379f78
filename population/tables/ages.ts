import { addMonths, type Day } from '../dates.ts';
import { elementAt, type Random } from '../random.ts';

/** Adults from 22 by five years, per thousand of them: the census of 2020 carried forward six years (assumption). */
const adults: readonly (readonly [number, number])[] = [
  [22, 52],
  [25, 74],
  [30, 82],
  [35, 112],
  [40, 92],
  [45, 84],
  [50, 102],
  [55, 108],
  [60, 88],
  [65, 50],
  [70, 50],
  [75, 31],
  [80, 19],
  [85, 22],
];

export function drawAdultAge(random: Random): number {
  const [from] = random.weighted(adults, ([, share]) => share);
  if (from === 85) return 85 + Math.floor(random.next() ** 2.5 * 15);
  return random.int(from, from === 22 ? 24 : from + 4);
}

/** A day of birth before today that makes a person of so many completed years. */
export function drawBirthDay(random: Random, age: number, now: Day): Day {
  const lastBirthday = addMonths(now, -12 * age);
  return Math.min(lastBirthday - random.int(0, 364), now - 1);
}

/** Who lives together with an adult of an age, and how often (assumption after the census of 2020: 2.6 persons a household). */
export type HouseholdKind =
  | 'alone'
  | 'couple'
  | 'couple-1-child'
  | 'couple-2-children'
  | 'single-parent'
  | 'three-generations'
  | 'with-grandchild';

const kindsByAge: readonly (readonly [number, Readonly<Partial<Record<HouseholdKind, number>>>])[] = [
  [26, { alone: 70, couple: 22, 'couple-1-child': 8 }],
  [
    32,
    {
      alone: 32,
      couple: 22,
      'couple-1-child': 26,
      'couple-2-children': 8,
      'three-generations': 10,
      'single-parent': 2,
    },
  ],
  [
    50,
    {
      alone: 10,
      couple: 8,
      'couple-1-child': 29,
      'couple-2-children': 33,
      'three-generations': 17,
      'single-parent': 5,
    },
  ],
  [
    65,
    { alone: 14, couple: 46, 'couple-1-child': 27, 'with-grandchild': 6, 'three-generations': 5, 'single-parent': 2 },
  ],
  [150, { alone: 30, couple: 62, 'with-grandchild': 8 }],
];

export function drawHouseholdKind(random: Random, age: number): HouseholdKind {
  const [, kinds] = kindsByAge.find(([until]) => age < until) ?? elementAt(kindsByAge, kindsByAge.length - 1);
  const entries = Object.entries(kinds);
  const [kind] = random.weighted(entries, ([, weight]) => weight);
  return kind as HouseholdKind;
}
