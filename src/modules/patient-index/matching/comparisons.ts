import type { EvidenceField } from '../evidence.ts';
import { compareDates, dateLevels } from './fields/compare-date.ts';
import { comparePlaces, placeLevels } from './fields/place.ts';
import { checkCharacter } from './fields/resident-id.ts';
import { compareHan, compareHanWithLatin, type HanLevel, hanLevels } from './names/compare-han.ts';
import { compareLatin, type LatinLevel, latinLevels } from './names/compare-latin.ts';
import { editDistance } from './names/latin.ts';
import type { Person } from './person.ts';

/** How one field of two persons is compared. */
export interface Comparison {
  readonly field: EvidenceField;
  /** From the best to the worst. */
  readonly levels: readonly string[];
  /** The index of the level; -1 when either side lacks the field. */
  compare(left: Person, right: Person): number;
  /** As it stands in the record. */
  show(person: Person): string | undefined;
  /** What the share of an exact agreement depends on, such as the name itself; undefined where it does not. */
  term?(left: Person, right: Person, level: number): string | undefined;
}

/** The best level that any of these reaches with any of those; -1 when there are none. */
function best<Ours, Theirs>(
  left: readonly Ours[],
  right: readonly Theirs[],
  compare: (left: Ours, right: Theirs) => number,
): number {
  let level = -1;
  for (const ours of left) {
    for (const theirs of right) {
      const reached = compare(ours, theirs);
      if (level === -1 || reached < level) level = reached;
      if (level === 0) return level;
    }
  }
  return level;
}

const hanIndex = (level: HanLevel): number => hanLevels.indexOf(level);

function compareNames(left: Person, right: Person): number {
  if (left.isNewborn !== right.isNewborn) return -1;
  if (left.han.length > 0 && right.han.length > 0) {
    return best(left.han, right.han, (ours, theirs) => hanIndex(compareHan(ours, theirs)));
  }
  const [han, latin] = left.han.length > 0 ? [left.han, right.latin] : [right.han, left.latin];
  return best(han, latin, (ours, theirs) => hanIndex(compareHanWithLatin(ours, theirs)));
}

/** The characters that both have; the simplified ones where they are written otherwise. */
function sharedName(left: Person, right: Person, level: number): string | undefined {
  if (level > 1) return undefined;
  return left.han.find(({ folded }) => right.han.some((theirs) => theirs.folded === folded))?.folded;
}

type Part = 'family' | 'given';
const otherPart = { family: 'given', given: 'family' } as const;

function comparePart(part: Part): Comparison['compare'] {
  const latinIndex = (level: LatinLevel): number => latinLevels.indexOf(level);
  const other = otherPart[part];
  return (left, right) => {
    if (left.han.length > 0 || right.han.length > 0) return -1;
    return best(
      left.latin.filter((name) => name[part] !== ''),
      right.latin.filter((name) => name[part] !== ''),
      (ours, theirs) => {
        const straight = latinIndex(compareLatin(ours[part], theirs[part]));
        const isSwapped = ours[part] === theirs[other] || (ours[other] !== '' && ours[other] === theirs[part]);
        return isSwapped ? Math.min(straight, latinLevels.indexOf('swapped')) : straight;
      },
    );
  };
}

const sharedPart =
  (part: Part) =>
  (left: Person, right: Person, level: number): string | undefined =>
    level === 0
      ? left.latin.find((name) => right.latin.some((theirs) => theirs[part] === name[part]))?.[part]
      : undefined;

/** Equal, one slip of a finger apart, or different. */
export const numberLevels = ['equal', 'one-digit', 'different'] as const;

const compareNumbers = (left: string, right: string): number => {
  if (left === right) return 0;
  return editDistance(left, right, 1) <= 1 ? 1 : 2;
};

/** Numbers that are given out one after the other differ in their last digits: that is no slip. */
function compareSerialNumbers(left: string, right: string): number {
  const reached = compareNumbers(left, right);
  const isSerial = left.length === right.length && left.slice(0, -2) === right.slice(0, -2);
  return reached === 1 && isSerial ? 2 : reached;
}

const isConsistent = (id: string): boolean => checkCharacter(id) === id[17];

/** Two numbers that are both right are of two persons, however near they are. */
const compareNationalIds = (left: string, right: string): number =>
  left !== right && isConsistent(left) && isConsistent(right) ? 2 : compareNumbers(left, right);

/** Numbers of different systems cannot be compared. */
function compareDocuments({ documents: left }: Person, { documents: right }: Person): number {
  let level = -1;
  for (const ours of left) {
    for (const theirs of right) {
      if (ours.system !== theirs.system) continue;
      const reached = compareSerialNumbers(ours.number, theirs.number);
      if (level === -1 || reached < level) level = reached;
    }
  }
  return level;
}

const equalOrNot = (isEqual: boolean): number => (isEqual ? 0 : 1);

function compareMothers({ mothers: left }: Person, { mothers: right }: Person): number {
  const kindOf = (mother: string): string => mother.slice(0, mother.indexOf('|'));
  if (left.some((mother) => right.includes(mother))) return 0;
  return left.some((mother) => right.some((other) => kindOf(other) === kindOf(mother))) ? 1 : -1;
}

function compareBirths(left: Person, right: Person): number {
  const orders = left.birthOrder !== undefined && right.birthOrder !== undefined;
  if (orders) return equalOrNot(left.birthOrder === right.birthOrder);
  const times = left.birthTime !== undefined && right.birthTime !== undefined;
  return times ? equalOrNot(left.birthTime === right.birthTime) : -1;
}

const withoutKind = (mother: string): string => mother.slice(mother.indexOf('|') + 1);
const listed = (values: readonly string[]): string | undefined => (values.length > 0 ? values.join(', ') : undefined);
const birthOf = ({ birthOrder, birthTime }: Person): string | undefined =>
  listed([...(birthOrder === undefined ? [] : [`${birthOrder}`]), ...(birthTime === undefined ? [] : [birthTime])]);

/** All fields that are compared, in the order in which they are shown. */
export const comparisons: readonly Comparison[] = [
  {
    field: 'name',
    levels: hanLevels,
    compare: compareNames,
    show: ({ han, latin }) =>
      listed(
        han.length > 0 ? han.map(({ text }) => text) : latin.map(({ family, given }) => `${given} ${family}`.trim()),
      ),
    term: sharedName,
  },
  {
    field: 'familyName',
    levels: latinLevels,
    compare: comparePart('family'),
    show: ({ latin }) => listed(latin.map(({ family }) => family)),
    term: sharedPart('family'),
  },
  {
    field: 'givenName',
    levels: latinLevels,
    compare: comparePart('given'),
    show: ({ latin }) => listed(latin.map(({ given }) => given)),
    term: sharedPart('given'),
  },
  {
    field: 'birthDate',
    levels: dateLevels,
    compare: ({ birthDate: left }, { birthDate: right }) =>
      left === undefined || right === undefined
        ? -1
        : (dateLevels as readonly string[]).indexOf(compareDates(left, right)),
    show: ({ birthDate }) => birthDate,
  },
  {
    field: 'sex',
    levels: ['equal', 'different'],
    compare: ({ sex: left }, { sex: right }) => (left && right ? equalOrNot(left === right) : -1),
    show: ({ sex }) => sex,
  },
  {
    field: 'nationalId',
    levels: numberLevels,
    compare: (left, right) => best(left.nationalIds, right.nationalIds, compareNationalIds),
    show: ({ nationalIds }) => listed(nationalIds),
  },
  {
    field: 'document',
    levels: numberLevels,
    compare: compareDocuments,
    show: ({ documents }) => listed(documents.map(({ number }) => number)),
  },
  {
    field: 'insuranceNumber',
    levels: numberLevels,
    compare: (left, right) => best(left.insuranceNumbers, right.insuranceNumbers, compareSerialNumbers),
    show: ({ insuranceNumbers }) => listed(insuranceNumbers),
  },
  {
    field: 'phone',
    levels: numberLevels,
    compare: (left, right) => best(left.phones, right.phones, compareNumbers),
    show: ({ phones }) => listed(phones),
  },
  {
    field: 'address',
    levels: placeLevels,
    compare: (left, right) =>
      best(left.places, right.places, (ours, theirs) => placeLevels.indexOf(comparePlaces(ours, theirs))),
    show: ({ places }) => listed(places.map(({ text }) => text)),
  },
  {
    field: 'mother',
    levels: ['equal', 'different'],
    compare: compareMothers,
    show: ({ mothers }) => listed(mothers.map(withoutKind)),
  },
  { field: 'birthOrder', levels: ['equal', 'different'], compare: compareBirths, show: birthOf },
];
