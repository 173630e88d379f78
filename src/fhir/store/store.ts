import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { resourceTypeNumber } from '../definitions/index.ts';
import { createParameterBook } from '../search-parameters/index.ts';
import type { Change, Outcome } from './change.ts';
import { createCommit } from './commit.ts';
import { type Absence, type DanglingPage, findAbsent, selectDangling } from './dangling.ts';
import { Dictionary } from './dictionary.ts';
import { createHistory, type History } from './history/history.ts';
import { createIndexAgain, type IndexAgain } from './index-again/index-again.ts';
import { ResourceNumbers } from './numbers.ts';
import { type Connection, type StoredRow, selectResource, selectSurvivor, selectVersion } from './queries.ts';
import type { StoreDependencies, StoreState } from './state.ts';
import { ReferenceTargets } from './targets.ts';
import { textKeysOf } from './text-keys.ts';
import { type WriteOptions, writeChanges } from './write.ts';

export interface Store {
  /** The current version, deleted ones (method 3) included; undefined when there never was one. */
  read(connection: Connection, type: string, id: string): Promise<StoredRow | undefined>;
  vread(connection: Connection, type: string, id: string, version: number): Promise<StoredRow | undefined>;
  /** The id of the resource that stands in the place of this one, as after a merge; its own where none does. */
  survivorOf(connection: Connection, type: string, id: string): Promise<string>;
  /**
   * Writes versions with their index rows inside the caller's transaction; all or nothing. The caller tries again after
   * a unique violation (23505): somebody else created the same id, which is found then.
   */
  write(
    connection: Connection,
    changes: readonly Change[],
    options?: Pick<WriteOptions, 'references'>,
  ): Promise<Outcome[]>;
  /** Writes all or nothing and commits, together with what others commit at the same time. */
  commit(changes: readonly Change[]): Promise<Outcome[]>;
  /** Which of these (`Patient/1`) are not there. */
  findAbsent(connection: Connection, names: ReadonlySet<string>): Promise<Map<string, Absence>>;
  /** So many of what is not there and referred to; `after` is zero, or where the page before said that it goes on. */
  findDangling(connection: Connection, after: number, count: number): Promise<DanglingPage>;
  /** The keys under which texts of these resources stand: displays, and the words of concepts. */
  textKeysOf(resources: Iterable<JsonObject>): Promise<bigint[]>;
  history: History;
  /** Makes the index rows of stored resources anew. */
  indexAgain: IndexAgain;
}

function typeNumber(type: string): number {
  try {
    return resourceTypeNumber(type);
  } catch {
    throw new Failure('not-supported', `${type} is not a resource type of FHIR R4.`);
  }
}

export function createStore(dependencies: StoreDependencies): Store {
  const { sidePool } = dependencies;
  const state: StoreState = {
    ...dependencies,
    dictionary: new Dictionary(),
    numbers: new ResourceNumbers(),
    targets: new ReferenceTargets(sidePool),
    parameters: dependencies.parameters ?? createParameterBook(sidePool),
  };
  return {
    read: (connection, type, id) => selectResource(connection, typeNumber(type), id),
    vread: (connection, type, id, version) => selectVersion(connection, typeNumber(type), id, version),
    survivorOf: async (connection, type, id) => (await selectSurvivor(connection, typeNumber(type), id)) ?? id,
    write: (connection, changes, options) => writeChanges(state, connection, changes, options),
    commit: createCommit(state),
    findAbsent,
    findDangling: selectDangling,
    textKeysOf: async (resources) => textKeysOf(resources, await state.parameters.loaded()),
    history: createHistory(),
    indexAgain: createIndexAgain(state),
  };
}
