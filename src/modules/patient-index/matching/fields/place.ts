import { foldVariants } from '../names/variants.ts';
import type { Place } from '../person.ts';

/** From the best to the worst. */
export const placeLevels = ['equal', 'near', 'partly', 'same-division', 'different'] as const;
export type PlaceLevel = (typeof placeLevels)[number];

const mostTokens = 40;
const pieces = /\p{Script=Han}+|[a-z]+|\d+/gu;

/** Words and numbers of an address; of a run of characters, each pair that stands together. */
export function placeTokens(text: string): string[] {
  const tokens = new Set<string>();
  for (const [piece] of foldVariants(text.normalize('NFKC').toLowerCase()).matchAll(pieces)) {
    if (!/\p{Script=Han}/u.test(piece)) tokens.add(piece);
    else for (let index = 0; index + 1 < piece.length; index++) tokens.add(piece.slice(index, index + 2));
  }
  return [...tokens].slice(0, mostTokens);
}

/** Twice what both have over what each has: the coefficient of Sørensen and Dice. Words may have a letter wrong. */
function similarity(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return 0;
  const shared = left.filter((token) => right.includes(token)).length;
  return (2 * shared) / (left.length + right.length);
}

const townDigits = 9;

/** How far two places agree: by their words, or by the town or county they are in. */
export function comparePlaces(left: Place, right: Place): PlaceLevel {
  const alike = similarity(left.tokens, right.tokens);
  if (alike >= 0.95) return 'equal';
  if (alike >= 0.7) return 'near';
  if (alike >= 0.4) return 'partly';
  const digits = Math.min(left.division.length, right.division.length, townDigits);
  const isSameDivision = digits >= 6 && left.division.slice(0, digits) === right.division.slice(0, digits);
  return isSameDivision ? 'same-division' : 'different';
}
