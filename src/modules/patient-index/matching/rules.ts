import type { EvidenceField, MatchBand } from '../evidence.ts';
import { comparisons } from './comparisons.ts';
import type { Thresholds } from './model.ts';
import type { Person } from './person.ts';

type LevelOf = (field: EvidenceField) => string | undefined;

interface Pair {
  readonly left: Person;
  readonly right: Person;
  readonly levelOf: LevelOf;
}

interface Rule {
  readonly name: string;
  /** The best band that is left to such a pair. */
  readonly atBest: Exclude<MatchBand, 'link'>;
  /** It says that these are two persons, not only that somebody must look. */
  readonly isApart: boolean;
  /** It tells brothers and sisters apart: such pairs teach nothing of what one person's records agree in. */
  readonly isOfSiblings?: true;
  holds(pair: Pair): boolean;
}

/** A number of their own that agrees, or is a slip of a finger away where twins' numbers are the same. */
function hasSameId({ left, right, levelOf }: Pair): boolean {
  if (['nationalId', 'document', 'insuranceNumber'].some((field) => levelOf(field as EvidenceField) === 'equal'))
    return true;
  if (levelOf('nationalId') !== 'one-digit') return false;
  return left.nationalIds.some((ours) => right.nationalIds.some((theirs) => ours.slice(-4) === theirs.slice(-4)));
}

const isSameHome = ({ levelOf }: Pair): boolean =>
  levelOf('mother') === 'equal' ||
  levelOf('phone') === 'equal' ||
  levelOf('address') === 'equal' ||
  levelOf('address') === 'near';

/**
 * Same surname and another given name: 陈刚 and 陈强. A name that sounds the same is another one only where numbers say
 * so, or where it is known that there are several.
 */
function haveSiblingNames({ left, right, levelOf }: Pair): boolean {
  const level = levelOf('name');
  const isHeardAlike = level === 'homophone' || level === 'same-sound';
  const insurance = levelOf('insuranceNumber');
  const isOfSeveral = left.birthOrder !== undefined || right.birthOrder !== undefined;
  const areOthers = isHeardAlike && (isOfSeveral || (insurance !== undefined && insurance !== 'equal'));
  if (level === 'one-character' || level === 'different' || areOthers) {
    return left.han.some((ours) => right.han.some((theirs) => ours.folded[0] === theirs.folded[0]));
  }
  const given = levelOf('givenName');
  const isOther = given === 'different' || given === 'similar' || given === 'initial';
  return levelOf('familyName') === 'equal' && isOther;
}

const isFullDate = ({ birthDate }: Person): boolean => birthDate?.length === 10;

/** Reference: domain/31 section 4.2 and 4.3. */
const rules: readonly Rule[] = [
  {
    name: 'born-apart',
    atBest: 'new',
    isApart: true,
    isOfSiblings: true,
    holds: ({ levelOf }) => levelOf('birthOrder') === 'different' && levelOf('nationalId') !== 'equal',
  },
  {
    name: 'conflicting-ids',
    atBest: 'review',
    isApart: true,
    holds: ({ levelOf }) => levelOf('nationalId') === 'different',
  },
  {
    name: 'twins',
    atBest: 'review',
    isApart: true,
    isOfSiblings: true,
    holds: (pair) =>
      pair.levelOf('birthDate') === 'equal' && isSameHome(pair) && haveSiblingNames(pair) && !hasSameId(pair),
  },
  {
    name: 'newborn-on-another-day',
    atBest: 'new',
    isApart: true,
    isOfSiblings: true,
    holds: (pair) =>
      (pair.left.isNewborn || pair.right.isNewborn) &&
      pair.levelOf('birthDate') !== undefined &&
      pair.levelOf('birthDate') !== 'equal' &&
      !hasSameId(pair),
  },
  {
    name: 'newborn-of-several',
    atBest: 'review',
    isApart: true,
    isOfSiblings: true,
    holds: (pair) =>
      (pair.left.isNewborn || pair.right.isNewborn) &&
      (pair.left.birthOrder !== undefined) !== (pair.right.birthOrder !== undefined) &&
      !hasSameId(pair),
  },
  {
    name: 'newborn-without-name',
    atBest: 'review',
    isApart: false,
    holds: (pair) =>
      (pair.left.isNewborn || pair.right.isNewborn) && !hasSameId(pair) && pair.levelOf('birthOrder') !== 'equal',
  },
  {
    name: 'birth-dates-differ',
    atBest: 'review',
    isApart: false,
    holds: ({ left, right, levelOf }) =>
      isFullDate(left) &&
      isFullDate(right) &&
      levelOf('birthDate') !== 'equal' &&
      !(levelOf('nationalId') === 'equal' && levelOf('insuranceNumber') === 'equal'),
  },
];

/** Said of what is linked all the same. */
const noUniqueIdentifier = 'no-unique-identifier';

const indexes = new Map(comparisons.map(({ field }, index) => [field, index]));

function levelReader(levels: readonly number[]): LevelOf {
  return (field) => {
    const index = indexes.get(field) ?? -1;
    return comparisons[index]?.levels[levels[index] ?? -1];
  };
}

/** The rules that hold of a pair, whatever its score. */
export function rulesOf(levels: readonly number[], left: Person, right: Person): readonly Rule[] {
  const pair = { left, right, levelOf: levelReader(levels) };
  return rules.filter(({ holds }) => holds(pair));
}

/** Whether a rule takes a pair for brothers or sisters. */
export const areSiblings = (levels: readonly number[], left: Person, right: Person): boolean =>
  rulesOf(levels, left, right).some(({ isOfSiblings }) => isOfSiblings);

/** The band of a pair, and the rules by which it is not the one of its score. */
export function decideBand(
  { link, review }: Thresholds,
  score: number,
  levels: readonly number[],
  left: Person,
  right: Person,
): { band: MatchBand; rules: string[] } {
  const holding = rulesOf(levels, left, right);
  const names = holding.map(({ name }) => name);
  if (score < review || holding.some(({ atBest }) => atBest === 'new')) return { band: 'new', rules: names };
  if (score < link || holding.length > 0) return { band: 'review', rules: names };
  const levelOf = levelReader(levels);
  const isIdentified =
    levelOf('nationalId') === 'equal' || levelOf('document') === 'equal' || levelOf('insuranceNumber') === 'equal';
  return { band: 'link', rules: isIdentified ? [] : [noUniqueIdentifier] };
}
