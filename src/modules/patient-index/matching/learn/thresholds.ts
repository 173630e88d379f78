import type { Thresholds } from '../model.ts';

/** A pair with its score in bits; `count` pairs that score alike. */
export interface Scored {
  readonly score: number;
  readonly count: number;
}

const sureness = (score: number, prior: number): number => 1 / (1 + 2 ** -(score + prior));

/** How many of these pairs are of one person, as far as their scores say. */
export const expectedMatches = (scored: readonly Scored[], prior: number): number =>
  scored.reduce((sum, { score, count }) => sum + count * sureness(score, prior), 0);

/** log2 of the odds that two records at random are of one person, of so many records, by the scores of all likely pairs. */
export function learnPrior(scored: readonly Scored[], persons: number): number {
  const pairs = (persons * (persons - 1)) / 2;
  let prior = Math.log2(Math.max(1, persons / 10) / pairs);
  for (let round = 0; round < 30; round++) {
    prior = Math.log2(Math.max(0.5, expectedMatches(scored, prior)) / pairs);
  }
  return prior;
}

/** Of pairs that are linked, at most so many are expected to be two persons. */
const wrongLinks = 0.001;
/** Pairs of which one in so many is expected to be one person are not looked at. */
const leastSure = 0.02;

/**
 * Where to draw the lines without knowing which pairs are of one person: `decide` where the F1 that the scores let expect is
 * greatest, `link` above which links are right, `review` below which hardly any pair is of one person.
 */
export function chooseThresholds(scored: readonly Scored[], prior: number): Thresholds & { expectedF1: number } {
  const sorted = [...scored].sort((left, right) => right.score - left.score);
  const all = expectedMatches(sorted, prior);
  const atOdds = (probability: number): number => Math.log2(probability / (1 - probability)) - prior;
  let decide = atOdds(0.5);
  let expectedF1 = 0;
  let taken = 0;
  let right = 0;
  for (const { score, count } of sorted) {
    taken += count;
    right += count * sureness(score, prior);
    const f1 = (2 * right) / (taken + all);
    if (f1 > expectedF1) {
      expectedF1 = f1;
      decide = score;
    }
  }
  return { link: atOdds(1 - wrongLinks), review: Math.min(decide, atOdds(leastSure)), decide, expectedF1 };
}
