import { Failure } from '#lib/failure.ts';

/**
 * How far a reader of the log has come. Transactions commit in another order than that of their numbers, so a number alone
 * cannot say it: `seen` is a snapshot of PostgreSQL (`pg_snapshot`), and all rows visible in it have been read. `high` is
 * the highest number among them.
 */
export interface Position {
  readonly seen: string;
  readonly high: number;
  /** While more was there than one reading takes: the snapshot that is being read up to, and the last number read. */
  readonly until?: { readonly snapshot: string; readonly after: number };
}

/** Before everything that is kept. */
export const start: Position = { seen: '3:3:', high: 0 };

/** `3:3:/0`, or with a reading under way `3:3:/0/9:12:10/7`. */
export function printPosition({ seen, high, until }: Position): string {
  return until ? `${seen}/${high}/${until.snapshot}/${until.after}` : `${seen}/${high}`;
}

const snapshot = String.raw`\d{1,20}:\d{1,20}:[\d,]*`;
const pattern = new RegExp(`^(${snapshot})/(\\d{1,15})(?:/(${snapshot})/(\\d{1,15}))?$`);

/** Fails with `value` when the text was not printed by printPosition. */
export function parsePosition(text: string): Position {
  const [, seen, high, until, after] = pattern.exec(text) ?? [];
  if (!seen || !high)
    throw new Failure('value', 'This is no position in the log of changes: use one that it gave out.');
  const position = { seen, high: Number(high) };
  return until ? { ...position, until: { snapshot: until, after: Number(after) } } : position;
}

/** Transactions below the upper end of a snapshot `xmin:xmax:xip,xip` that were under way in it. */
export function inProgress(snapshotText: string): string[] {
  return (snapshotText.split(':')[2] ?? '').split(',').filter((xid) => xid !== '');
}
