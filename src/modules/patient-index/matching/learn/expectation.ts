import { comparisons } from '../comparisons.ts';
import type { FieldWeights, Model } from '../model.ts';
import type { Pattern } from './pairs.ts';

export type Weights = Model['weights'];

/** What each level of each field says, in bits; nothing, where a field does not count. */
export const bitsOf = (weights: Weights, counts: (index: number) => boolean): number[][] =>
  comparisons.map(({ field }, index) => {
    const { m, u } = weights[field];
    return counts(index) ? m.map((share, level) => Math.log2(share / (u[level] ?? share))) : [];
  });

/** How sure it is that pairs of a pattern are of one person. */
export function posterior(bits: readonly (readonly number[])[], prior: number, levels: readonly number[]): number {
  let sum = Math.log2(prior / (1 - prior));
  for (let index = 0; index < levels.length; index++) sum += bits[index]?.[levels[index] ?? -1] ?? 0;
  return 1 / (1 + 2 ** -sum);
}

/** Shares of the levels of each field among pairs, each counted as much as it is worth; with what was thought before. */
export function shares(
  pairs: Iterable<{ levels: readonly number[]; count: number }>,
  before: (index: number) => readonly number[],
  beforeCounts: number,
): number[][] {
  const sums = comparisons.map((_, index) => before(index).map((share) => share * beforeCounts));
  for (const { levels, count } of pairs) {
    for (const [index, level] of levels.entries()) {
      const row = sums[index];
      if (level >= 0 && row) row[level] = (row[level] ?? 0) + count;
    }
  }
  return sums.map((row) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    return row.map((value) => value / total);
  });
}

const least = 1e-7;

/** No share is nothing at all, and all of a field are one together. */
export function floored(row: readonly number[]): number[] {
  const raised = row.map((share) => Math.max(share, least));
  const total = raised.reduce((sum, share) => sum + share, 0);
  return raised.map((share) => share / total);
}

export const withShares = (
  weights: Weights,
  which: keyof FieldWeights,
  rows: readonly (readonly number[])[],
): Weights =>
  Object.fromEntries(
    comparisons.map(({ field }, index) => [
      field,
      { ...weights[field], [which]: floored(rows[index] ?? weights[field][which]) },
    ]),
  ) as Weights;

export interface Learnt {
  readonly m: number[][];
  /** The share of pairs that are of one person. */
  readonly prior: number;
  /** So many pairs of one person were seen. */
  readonly matches: number;
}

const rounds = 40;
/** What was thought before counts as much as so many pairs. */
const defaultPairs = 20;

/**
 * Learns m from pairs without being told which of them are of one person (expectation and maximisation), u given. Fields by
 * which the pairs were found do not count: they agree in all of them.
 */
export function learnM(patterns: readonly Pattern[], start: Weights, counts: (index: number) => boolean): Learnt {
  const total = patterns.reduce((sum, { count }) => sum + count, 0);
  const before = (index: number): readonly number[] => {
    const comparison = comparisons[index];
    return comparison ? start[comparison.field].m : [];
  };
  let weights = start;
  let prior = 0.1;
  let matches = 0;
  for (let round = 0; round < rounds; round++) {
    const bits = bitsOf(weights, counts);
    const weighed = patterns.map(({ levels, count }) => ({ levels, count: count * posterior(bits, prior, levels) }));
    const matchesBefore = matches;
    matches = weighed.reduce((sum, { count }) => sum + count, 0);
    weights = withShares(weights, 'm', shares(weighed, before, defaultPairs));
    prior = Math.min(0.999, Math.max(1e-6, matches / Math.max(1, total)));
    if (Math.abs(matches - matchesBefore) < 1e-3 * matches) break;
  }
  return { m: comparisons.map(({ field }) => [...weights[field].m]), prior, matches };
}
