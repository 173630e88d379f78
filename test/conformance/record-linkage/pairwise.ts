import type { JsonObject } from '#lib/json/index.ts';
import { Random } from '#population/random.ts';
import type { MatchBand } from '../../../src/modules/patient-index/evidence.ts';
import { learnModel } from '../../../src/modules/patient-index/matching/learn/learn.ts';
import { pairsOf, sampleOf } from '../../../src/modules/patient-index/matching/learn/pairs.ts';
import type { Model } from '../../../src/modules/patient-index/matching/model.ts';
import { parsePatient } from '../../../src/modules/patient-index/matching/parse-patient.ts';
import { rulesOf } from '../../../src/modules/patient-index/matching/rules.ts';
import { compareEvidence, levelsOf } from '../../../src/modules/patient-index/matching/score.ts';

export interface LabelledRecord {
  readonly name: string;
  readonly patient: JsonObject;
  /** Whose record it is; used to count, never to learn. */
  readonly person: string;
}

export interface Pairwise {
  readonly model: Model;
  readonly expectedF1: number;
  readonly truePairs: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** True pairs that are not found, by name, and why. */
  readonly missed: Readonly<Record<string, string>>;
  /** Names of pairs that are found and are not true. */
  readonly wrong: readonly string[];
  /** Pairs of one person and of two, by the band into which they fall. */
  readonly bands: Readonly<Record<MatchBand, { one: number; two: number }>>;
}

/**
 * Learns a model from the records alone, then counts pairs: found are those whose score reaches the threshold that the model
 * itself chose, and that no rule keeps apart.
 */
export async function measurePairwise(records: readonly LabelledRecord[], seed: string): Promise<Pairwise> {
  const persons = records.map(({ patient }) => parsePatient(patient));
  const sample = sampleOf(persons);
  const random = new Random(seed);
  const { model, expectedF1 } = await learnModel(sample, () => random.next());
  const truth = truePairs(records);
  const truePairCount = truth.size;
  const missed: Record<string, string> = {};
  const bands = { link: { one: 0, two: 0 }, review: { one: 0, two: 0 }, new: { one: 0, two: 0 } };
  const wrong: string[] = [];
  let right = 0;
  for (const [first, second] of pairsOf([...sample.blocks.values()].flat())) {
    const [left, other] = [persons[first], persons[second]];
    if (!left || !other) throw new Error('A pair of nobody');
    const name = pairName(records, first, second);
    const isOne = records[first]?.person === records[second]?.person;
    const evidence = compareEvidence(model, left, other);
    bands[evidence.band][isOne ? 'one' : 'two'] += 1;
    const apart = rulesOf(levelsOf(left, other), left, other).filter((rule) => rule.isApart);
    const isFound = evidence.score >= model.thresholds.decide && apart.length === 0;
    if (!isOne && isFound) wrong.push(name);
    if (!isOne) continue;
    truth.delete(name);
    if (isFound) right += 1;
    else if (apart.length === 0) missed[name] = 'They agree in too little.';
    else missed[name] = `Somebody has to look at them: ${apart.map((rule) => rule.name).join(', ')}.`;
  }
  for (const name of truth) missed[name] = 'They share no key, so that they are never compared.';
  const precision = right / (right + wrong.length);
  const recall = right / truePairCount;
  const f1 = (2 * precision * recall) / (precision + recall);
  return {
    model,
    expectedF1,
    truePairs: truePairCount,
    precision,
    recall,
    f1,
    missed,
    wrong,
    bands,
  };
}

function truePairs(records: readonly LabelledRecord[]): Set<string> {
  const byPerson = new Map<string, number[]>();
  for (const [index, { person }] of records.entries()) byPerson.set(person, [...(byPerson.get(person) ?? []), index]);
  const names = [...byPerson.values()].flatMap((own) =>
    own.flatMap((first, at) => own.slice(at + 1).map((second) => pairName(records, first, second))),
  );
  return new Set(names);
}

const pairName = (records: readonly LabelledRecord[], first: number, second: number): string =>
  [records[first]?.name ?? '', records[second]?.name ?? ''].sort().join(' = ');

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;

export function printPairwise(
  title: string,
  { model, precision, recall, f1, expectedF1, bands, truePairs: all }: Pairwise,
) {
  const { decide, link, review } = model.thresholds;
  process.stderr.write(
    `record-linkage, ${title}: precision ${percent(precision)}, recall ${percent(recall)} of ${all} pairs, F1 ${f1.toFixed(4)} ` +
      `at ${decide.toFixed(1)} bits (expected without labels: ${expectedF1.toFixed(4)}); link from ${link.toFixed(1)}: ` +
      `${bands.link.one} right, ${bands.link.two} wrong; review from ${review.toFixed(1)}: ${bands.review.one} and ${bands.review.two}\n`,
  );
}
