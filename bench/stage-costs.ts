import type { LoadFigures } from './measure-load.ts';

/** What the same work costs at one size of the record. */
export interface StageCosts {
  resources: number;
  read: LoadFigures;
  /** Searches for what belongs to one resident: they find as much in a large record as in a small one. */
  search: LoadFigures;
  create: LoadFigures;
}
