import { editDistance } from './latin.ts';

/** From the best to the worst. */
export const latinLevels = ['equal', 'near', 'initial', 'swapped', 'similar', 'different'] as const;
export type LatinLevel = (typeof latinLevels)[number];

/** At most one edit for every five letters, and at least one. */
const isNear = (left: string, right: string): boolean => {
  const limit = Math.max(1, Math.floor(Math.min(left.length, right.length) / 5));
  return editDistance(left, right, limit) <= limit;
};

/** A beginning of the other, or half of its letters. */
function isSimilar(left: string, right: string): boolean {
  const shorter = Math.min(left.length, right.length);
  if (shorter >= 3 && (left.startsWith(right) || right.startsWith(left))) return true;
  const limit = Math.floor(Math.max(left.length, right.length) / 3);
  return editDistance(left, right, limit) <= limit;
}

/** How far two names, or parts of names, in Latin letters agree. */
export function compareLatin(left: string, right: string): LatinLevel {
  if (left === right) return 'equal';
  if (left.length === 1 || right.length === 1) return left[0] === right[0] ? 'initial' : 'different';
  if (isNear(left, right)) return 'near';
  return isSimilar(left, right) ? 'similar' : 'different';
}
