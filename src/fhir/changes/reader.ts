import type { Transaction } from '#lib/postgres/pool.ts';
import type { Connection } from '../store/index.ts';
import { type Position, parsePosition, printPosition } from './position.ts';
import { insertReader, lockReader, selectReader, updateReader } from './queries.ts';

/** A reader whose position is kept in the database. Whoever holds it, until the end of the transaction, is the only one. */
export interface HeldReader {
  /** Undefined before the first reading. */
  readonly position: Position | undefined;
  /** Together with what was done of the changes: both commit, or neither. */
  move(position: Position): Promise<void>;
}

/** Takes a reader for this transaction, or nothing when another process has it. */
export async function holdReader(transaction: Transaction, name: string): Promise<HeldReader | undefined> {
  await insertReader(transaction, name);
  const row = await lockReader(transaction, name);
  if (!row) return undefined;
  return {
    position: row.position === null ? undefined : parsePosition(row.position),
    move: (position) => updateReader(transaction, name, printPosition(position)),
  };
}

/** Where a reader is, without taking it; undefined before its first reading. */
export async function positionOf(connection: Connection, name: string): Promise<Position | undefined> {
  const position = await selectReader(connection, name);
  return position === undefined ? undefined : parsePosition(position);
}
