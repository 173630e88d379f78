import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBreath } from '#lib/breath.ts';
import { blockKeysOf, blockKinds } from '../block-keys.ts';
import { comparisons } from '../comparisons.ts';
import { defaultModel, defaultWeights, type Model } from '../model.ts';
import type { Person } from '../person.ts';
import { areSiblings } from '../rules.ts';
import { levelsOf, scoreLevels } from '../score.ts';
import { bitsOf, type Learnt, learnM, posterior, shares, type Weights, withShares } from './expectation.ts';
import { learnFrequencies } from './frequencies.ts';
import { type Pattern, Patterns, pairsOf, randomPatterns, type Sample } from './pairs.ts';
import { chooseThresholds, expectedMatches, learnPrior, type Scored } from './thresholds.ts';

export interface LearntModel {
  readonly model: Model;
  readonly persons: number;
  /** That were compared. */
  readonly pairs: number;
  /** Of these, so many are expected to be of one person. */
  readonly matches: number;
  readonly expectedF1: number;
}

const randomPairs = 200_000;
const pairsOfKind = 300_000;
/** What the reference says of chance agreement counts as much as so many random pairs. */
const defaultRandomPairs = 200_000;

/** Learns all that a score depends on from records alone, without being told which are of one person. */
export async function learnModel(sample: Sample, random: () => number): Promise<LearntModel> {
  const atRandom = (await randomPatterns(sample, randomPairs, random)).list;
  const passes = blockKinds.filter(({ isOfHome }) => !isOfHome);
  const byKind: { counts: (index: number) => boolean; patterns: readonly Pattern[] }[] = [];
  for (const { number, fields } of passes) {
    const pairs = pairsOf(sample.blocks.get(number) ?? []);
    byKind.push({
      counts: (index) => !fields.some((field) => field === comparisons[index]?.field),
      patterns: await patternsOf(sample, pairs, pairsOfKind),
    });
  }
  let weights = withShares(
    defaultWeights,
    'u',
    uOf(atRandom, defaultWeights, () => 1),
  );
  for (let round = 0; round < 3; round++) {
    const learnt = byKind.map(({ patterns, counts }) => ({ counts, learnt: learnM(patterns, weights, counts) }));
    weights = withShares(weights, 'm', combine(learnt));
    await nextTurn();
    const bits = bitsOf(weights, () => true);
    const odds = Math.min(0.01, 1 / sample.persons.length);
    // Random pairs hold a few of one person, too: these say nothing of chance.
    weights = withShares(
      weights,
      'u',
      uOf(atRandom, defaultWeights, (levels) => 1 - posterior(bits, odds, levels)),
    );
  }
  return finish(sample, weights);
}

function uOf(
  patterns: readonly Pattern[],
  defaults: Weights,
  worth: (levels: readonly number[]) => number,
): number[][] {
  const before = (index: number): readonly number[] => {
    const comparison = comparisons[index];
    return comparison ? defaults[comparison.field].u : [];
  };
  const weighed = patterns.map(({ levels, count }) => ({ levels, count: count * worth(levels) }));
  return shares(weighed, before, defaultRandomPairs);
}

async function patternsOf(
  { persons }: Sample,
  pairs: Iterable<readonly [number, number]>,
  most: number,
): Promise<readonly Pattern[]> {
  const patterns = new Patterns();
  const breathe = createBreath();
  let count = 0;
  for (const [first, second] of pairs) {
    await breathe();
    const left = persons[first] as Person;
    const right = persons[second] as Person;
    const levels = levelsOf(left, right);
    if (areSiblings(levels, left, right)) continue;
    patterns.add(levels);
    if (++count >= most) break;
  }
  return patterns.list;
}

/** m of each field, from the passes in which it was free, each as heavy as the pairs of one person that it saw. */
function combine(passes: readonly { counts: (index: number) => boolean; learnt: Learnt }[]): number[][] {
  return comparisons.map(({ field }, index) => {
    const row = defaultWeights[field].m.map(() => 0);
    let total = 0;
    for (const { learnt, counts } of passes) {
      if (!counts(index)) continue;
      const weight = learnt.matches + 1;
      total += weight;
      for (const [level, share] of (learnt.m[index] ?? []).entries()) row[level] = (row[level] ?? 0) + share * weight;
    }
    return total === 0 ? [...defaultWeights[field].m] : row.map((value) => value / total);
  });
}

async function finish(sample: Sample, weights: Weights): Promise<LearntModel> {
  const { persons, blocks, population, fraction } = sample;
  const draft = {
    weights,
    frequencies: learnFrequencies(persons),
    prior: 0,
    thresholds: { link: 0, review: 0, decide: 0 },
  };
  const scored: Scored[] = [];
  const breathe = createBreath();
  for (const [first, second] of pairsOf([...blocks.values()].flat())) {
    const left = persons[first] as Person;
    const right = persons[second] as Person;
    const levels = levelsOf(left, right);
    await breathe();
    if (areSiblings(levels, left, right)) continue;
    scored.push({ score: scoreLevels(draft, levels, left, right), count: 1 / chanceToMeet(left, right, fraction) });
  }
  const prior = learnPrior(scored, population);
  const { expectedF1, ...thresholds } = chooseThresholds(scored, prior);
  const link = Math.max(thresholds.link, defaultModel.thresholds.link);
  const model = { ...draft, prior, thresholds: { ...thresholds, link } };
  return { model, persons: persons.length, pairs: scored.length, matches: expectedMatches(scored, prior), expectedF1 };
}

/** That at least one of the keys which both have was looked at. */
function chanceToMeet(left: Person, right: Person, fraction: number): number {
  if (fraction === 1) return 1;
  const keys = new Set(blockKeysOf(left).map(({ key }) => key));
  const shared = blockKeysOf(right).filter(({ key }) => keys.has(key)).length;
  return 1 - (1 - fraction) ** Math.max(1, shared);
}
