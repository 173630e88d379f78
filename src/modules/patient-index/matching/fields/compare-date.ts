import { editDistance } from '../names/latin.ts';

/** From the best to the worst. */
export const dateLevels = ['equal', 'day-month-swapped', 'one-digit', 'same-year', 'different'] as const;
export type DateLevel = (typeof dateLevels)[number];

/** How far two birth dates agree; one that is known by its year or month alone agrees no better than that. */
export function compareDates(left: string, right: string): DateLevel {
  const year = left.slice(0, 4) === right.slice(0, 4);
  if (left.length < 10 || right.length < 10) {
    const shorter = Math.min(left.length, right.length);
    return left.slice(0, shorter) === right.slice(0, shorter) ? 'same-year' : year ? 'same-year' : 'different';
  }
  if (left === right) return 'equal';
  if (year && left.slice(5, 7) === right.slice(8) && left.slice(8) === right.slice(5, 7)) return 'day-month-swapped';
  if (editDistance(left.replaceAll('-', ''), right.replaceAll('-', ''), 1) <= 1) return 'one-digit';
  return year ? 'same-year' : 'different';
}
