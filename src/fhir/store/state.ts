import type { Issue } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Enqueue, ParameterBook } from '../search-parameters/index.ts';
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
  /** What validation let pass is put down with the version, in the same transaction. */
  issues?: IssueRecord | undefined;
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
