import { Failure } from '#lib/failure.ts';
import type { Connection } from '../store/index.ts';
import { inProgress, type Position, start } from './position.ts';
import { type ChangeRow, deleteOldChanges, type ReadingRange, selectChanges, selectNow } from './queries.ts';

export interface Changes {
  /** What one statement wrote, in the order of their numbers: of one resource, older versions come first. */
  rows: readonly ChangeRow[];
  /** Where to read on; the same place when nothing was there. */
  position: Position;
  /** More is there already. */
  isMore: boolean;
}

/** The position after all that is committed now. */
export const currentPosition = (connection: Connection): Promise<Position> => selectNow(connection);

/**
 * Committed changes after a position, each once, about `limit` of them (rows are not divided). None is missed because its
 * transaction committed late, and none is waited for. Fails with `deleted` when the log was trimmed beyond the position.
 */
export async function readChanges(connection: Connection, position: Position = start, limit = 1000): Promise<Changes> {
  const { seen, high, until } = position;
  const range: ReadingRange = {
    seen,
    high,
    inProgress: inProgress(seen),
    until: until?.snapshot ?? null,
    after: until?.after ?? 0,
    limit,
  };
  const { rows, snapshot, trimmed } = await selectChanges(connection, range);
  if (position !== start && trimmed > Math.max(high, until?.after ?? 0)) {
    throw new Failure(
      'deleted',
      'The log of changes was trimmed beyond this position: read the record anew, then start from the current position.',
    );
  }
  const last = rows.at(-1);
  const count = rows.reduce((sum, { rids }) => sum + rids.length, 0);
  const target = until?.snapshot ?? snapshot;
  if (last && count >= limit) {
    return { rows, position: { seen, high, until: { snapshot: target, after: last.number } }, isMore: true };
  }
  const highest = Math.max(high, until?.after ?? 0, last?.number ?? 0);
  return { rows, position: { seen: target, high: highest }, isMore: until !== undefined };
}

const trimmedAtOnce = 10_000;

/** Forgets what is older than so many days, in small transactions. */
export async function trimChanges(connection: Connection, days: number): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await deleteOldChanges(connection, days, trimmedAtOnce);
    total += deleted;
    if (deleted < trimmedAtOnce) return total;
  }
}
