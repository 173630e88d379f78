import type { Change, Outcome } from '../../store/index.ts';
import type { BundleEntry } from '../entries.ts';

/** An entry, with what it changes once its conditions are decided. */
export interface Step {
  entry: BundleEntry;
  /** More than one for a conditional deletion of many. */
  changes: readonly Change[];
  /** Of a conditional create: what meets the condition already, or what an entry before it creates under it. */
  found?: { id: string; version: number } | { createdBy: Step };
}

export type Outcomes = Map<Change, Outcome>;

/** The id of the resource that an entry stands for. */
export function idOf({ changes: [change], found }: Step): string | undefined {
  if (change) return change.id;
  if (found) return 'createdBy' in found ? idOf(found.createdBy) : found.id;
  return undefined;
}
