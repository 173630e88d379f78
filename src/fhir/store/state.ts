import type { Issue } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Access } from '../access/access.ts';
import type { Enqueue, ParameterBook } from '../search-parameters/index.ts';
import type { Change, Outcome } from './change.ts';
import type { Dictionary } from './dictionary.ts';
import type { ReferencePolicy } from './integrity.ts';
import type { ResourceNumbers } from './numbers.ts';
import type { Connection } from './queries.ts';
import type { TextSearch } from './rows.ts';
import type { ReferenceTargets } from './targets.ts';

export interface StoreDependencies {
  pool: Pool;
  /** For what must not wait for, or roll back with, the writing transaction: one or two connections. */
  sidePool: Pool;
  /** Absent where references to what is not there are accepted. */
  references?: ReferencePolicy | undefined;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** Called when versions were written, most likely before their transaction commits. */
  onWritten?: (() => void) | undefined;
  /** `narrative` unless it is said otherwise. */
  textSearch?: TextSearch | undefined;
  /** The search parameters that there are; those of the database, unless they are shared with others. */
  parameters?: ParameterBook | undefined;
  /** Rows of a search parameter are to be written, or removed, once the transaction has committed. */
  onParameter?: Enqueue | undefined;
  /** Refuses what whoever writes may not, before and after, and puts down what they did. */
  guard?: WriteGuard | undefined;
  /** Gives a resource the security labels that it must have; `stored` is the current version. */
  label?:
    | ((resource: JsonObject, stored: string | null | undefined, access: Access | undefined) => JsonObject)
    | undefined;
  /** What modules keep beside the index, in the same transaction. */
  derived?: readonly DerivedRows[] | undefined;
  /** What validation let pass is put down with the version, in the same transaction. */
  issues?: IssueRecord | undefined;
}

/** A change of what is there. */
export interface Replacing {
  readonly change: Change;
  readonly rid: number;
}

/** A version that was written. */
export interface Written extends Replacing {
  readonly outcome: Outcome;
  /** The version before was there and not deleted. */
  readonly isReplacing: boolean;
}

/** Fails, and with it the write, where whoever writes may not. */
export interface WriteGuard {
  before(connection: Connection, changes: readonly Replacing[]): Promise<void>;
  after(connection: Connection, written: readonly Written[]): Promise<void>;
}

/** Rows that a module derives from resources of some types: written, replaced and removed together with them. */
export interface DerivedRows {
  readonly types: readonly string[];
  /** `resource` is undefined after a deletion. */
  write(
    connection: Connection,
    written: readonly { rid: number; type: string; id: string; resource: JsonObject | undefined }[],
  ): Promise<void>;
}

export interface IssueRecord {
  of(resource: JsonObject): readonly Issue[];
  save(
    connection: Connection,
    versions: readonly { rid: number; version: number; issues: readonly Issue[] }[],
  ): Promise<void>;
}

export interface StoreState extends StoreDependencies {
  dictionary: Dictionary;
  numbers: ResourceNumbers;
  targets: ReferenceTargets;
  parameters: ParameterBook;
}
