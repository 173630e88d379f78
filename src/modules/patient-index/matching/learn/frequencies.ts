import type { Model } from '../model.ts';
import type { Person } from '../person.ts';

const termsOf = {
  name: ({ han }: Person) => han.map(({ folded }) => folded),
  familyName: ({ latin, han }: Person) => (han.length > 0 ? [] : latin.map(({ family }) => family)),
  givenName: ({ latin, han }: Person) => (han.length > 0 ? [] : latin.map(({ given }) => given)),
};

/** So many frequent values are kept; all others are taken to be as rare as the rarest. */
const mostTerms = 20_000;
/** No value is taken to be rarer: chance errors make more agreements than that. */
const leastShare = 2e-6;

/** The shares of frequent names. */
export function learnFrequencies(persons: readonly Person[]): Model['frequencies'] {
  return Object.fromEntries(
    Object.entries(termsOf).flatMap(([field, terms]) => {
      const counts = new Map<string, number>();
      for (const person of persons) for (const term of terms(person)) counts.set(term, (counts.get(term) ?? 0) + 1);
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      if (total === 0) return [];
      const frequent = [...counts].filter(([, count]) => count > 2).sort(([, left], [, right]) => right - left);
      const shares = new Map(frequent.slice(0, mostTerms).map(([term, count]) => [term, count / total]));
      return [[field, { shares, rarest: Math.max(leastShare, 2 / total) }]];
    }),
  );
}
