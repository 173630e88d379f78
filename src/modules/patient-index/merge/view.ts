import { instantOf } from '#fhir/store/index.ts';
import type { Decision, MergeRecord } from './merge-record.ts';
import { countByType } from './preview-merge.ts';
import type { Return, UnmergePlan } from './unmerge-plan.ts';

export type { MergePreview } from './preview-merge.ts';

interface DecisionView {
  readonly by: string;
  readonly byName: string;
  readonly reason: string;
  /** An instant. */
  readonly at: string;
}

export interface MergeView {
  readonly merge: number;
  /** Ids of both Patients. */
  readonly source: string;
  readonly target: string;
  readonly items: number;
  readonly merged: DecisionView;
  readonly unmerged?: DecisionView | undefined;
}

export interface UnmergeView {
  /** Resources by what would become of them, and by their types. */
  readonly counts: Readonly<Partial<Record<Return['fate'], Readonly<Record<string, number>>>>>;
  /** Those that are not simply restored, the undecided first. */
  readonly resources: readonly Pick<Return, 'type' | 'id' | 'fate' | 'by'>[];
  readonly isMore: boolean;
}

const mostNamed = 500;

export const printMerge = ({ merge, sourceId, targetId, items, merged, unmerged }: MergeRecord): MergeView => ({
  merge,
  source: sourceId,
  target: targetId,
  items,
  merged: printDecision(merged),
  unmerged: unmerged && printDecision(unmerged),
});

const printDecision = ({ by, byName, reason, at }: Decision): DecisionView => ({
  by,
  byName,
  reason,
  at: instantOf(at),
});

export function printUnmerge({ items, since }: UnmergePlan): UnmergeView {
  const all: Return[] = [...items, ...since];
  const notable = all.filter(({ fate }) => fate !== 'restored').sort(byUrgency);
  const fates = [...new Set(all.map(({ fate }) => fate))];
  return {
    counts: Object.fromEntries(fates.map((fate) => [fate, countByType(all.filter((one) => one.fate === fate))])),
    resources: notable.slice(0, mostNamed).map(({ type, id, fate, by }) => ({ type, id, fate, by })),
    isMore: notable.length > mostNamed,
  };
}

const byUrgency = (left: Return, right: Return): number =>
  Number(right.fate === 'undecided') - Number(left.fate === 'undecided');
