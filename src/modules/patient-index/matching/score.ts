import type { EvidenceField, FieldEvidence, MatchEvidence } from '../evidence.ts';
import { comparisons } from './comparisons.ts';
import type { Model } from './model.ts';
import type { Person } from './person.ts';
import { decideBand } from './rules.ts';

/** The levels of all fields, in the order of `comparisons`; -1 where there is nothing to compare. */
export const levelsOf = (left: Person, right: Person): number[] =>
  comparisons.map((comparison) => comparison.compare(left, right));

/** A name that many bear says less than one that few do: its own share stands in the place of u. */
function weightOf(model: Model, index: number, level: number, left: Person, right: Person): number {
  const comparison = comparisons[index];
  if (comparison === undefined || level < 0) return 0;
  const { m, u } = model.weights[comparison.field];
  const term = level === 0 ? comparison.term?.(left, right, level) : undefined;
  const frequency = term === undefined ? undefined : model.frequencies[comparison.field];
  const share = frequency && term !== undefined ? (frequency.shares.get(term) ?? frequency.rarest) : u[level];
  return Math.log2((m[level] ?? 1) / (share ?? 1));
}

/** What those who live together share: the second of these says little more than the first. */
const ofHome: ReadonlySet<EvidenceField> = new Set(['phone', 'address', 'mother']);
const restOfHome = 0.15;

function weightsOf(model: Model, levels: readonly number[], left: Person, right: Person): number[] {
  const weights = levels.map((level, index) => weightOf(model, index, level, left, right));
  const strongest = Math.max(...weights.filter((_, index) => isOfHome(index)));
  let isFirst = true;
  return weights.map((weight, index) => {
    if (weight <= 0 || !isOfHome(index)) return weight;
    if (weight < strongest || !isFirst) return weight * restOfHome;
    isFirst = false;
    return weight;
  });
}

function isOfHome(index: number): boolean {
  const field = comparisons[index]?.field;
  return field !== undefined && ofHome.has(field);
}

/** The sum of the weights alone. */
export const scoreLevels = (model: Model, levels: readonly number[], left: Person, right: Person): number =>
  weightsOf(model, levels, left, right).reduce((sum, weight) => sum + weight, 0);

/** Compares two persons, and says field by field why they are one, or two. */
export function compareEvidence(model: Model, left: Person, right: Person): MatchEvidence {
  const levels = levelsOf(left, right);
  const weights = weightsOf(model, levels, left, right);
  const fields = comparisons.flatMap((comparison, index): FieldEvidence[] => {
    const shown = { left: comparison.show(left), right: comparison.show(right) };
    if (shown.left === undefined && shown.right === undefined) return [];
    const level = levels[index] ?? -1;
    return [
      {
        field: comparison.field,
        level: comparison.levels[level] ?? 'missing',
        ...shown,
        weight: weights[index] ?? 0,
      },
    ];
  });
  const score = fields.reduce((sum, { weight }) => sum + weight, 0);
  return { score, fields, ...decideBand(model.thresholds, score, levels, left, right) };
}
