/** How a walk through the index is to be made: what else must hold, in which order, and when to stop. */
export interface WalkShape {
  /** SQL conditions on the rid of a row. */
  where(rid: string): readonly string[];
  readonly descending: boolean;
  /** Placeholder of the number of rows. */
  readonly limit: string;
}

/** A query for rids, and the SQL conditions under which it was not cut short. */
export interface Rows {
  readonly query: string;
  readonly complete: readonly string[];
  /** No rid comes twice. */
  readonly isDistinct?: true;
}

/** A condition as SQL. */
export interface Compiled {
  /** An SQL condition that holds when the resource of this rid meets it: one or a few lookups in an index. */
  probe(rid: string): string;
  /** A query for distinct rids in the order of rids, read from the index in that order. */
  walk?(shape: WalkShape): string;
  /** A query for rids in any order, perhaps repeated, that reads about so many rows at most, or all. */
  rows?(limit?: number): Rows;
  /** A query for so many rids at most of those between two, in the order of rids. */
  between?(low: string, high: string, limit: string): string;
  /** Queries that together give all rids, in this order where an index has it: for a merge with all resources. */
  everyRid?(descending: boolean): readonly string[];
  /** A query for all its rids, distinct and in order, which is read no further than asked for. */
  ordered?(descending: boolean): string;
  /** Like a walk, through all resources less those that do not meet it: for what nearly all do not meet. */
  exclusion?(shape: WalkShape): string;
  /** A walk that is good only when a first step (the targets of a chain) finds few: the conditions say so. */
  keyedWalk?(mostTargets: number): { complete: readonly string[]; walk(shape: WalkShape): string };
}

/** `a and b`, or `true` when there is nothing to say. */
export const conjunction = (conditions: readonly string[]): string =>
  conditions.length === 0 ? 'true' : conditions.join(' and ');
