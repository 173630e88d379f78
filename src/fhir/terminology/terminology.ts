import type { Pool } from '#lib/postgres/pool.ts';
import type { Operation } from '../rest/operation.ts';
import type { TerminologySource } from '../search/index.ts';
import type { Store } from '../store/index.ts';
import { readBuiltIn } from './built-in.ts';
import { Library } from './library.ts';
import { terminologyOperations } from './operations/index.ts';
import { createSearchSource, createValueSetSource, type ValueSetSource } from './sources.ts';

export interface Terminology {
  readonly operations: readonly Operation[];
  /** For searches by value set and subsumption. */
  readonly search: TerminologySource;
  /** For validation. */
  readonly valueSets: ValueSetSource;
}

/** Terminology over what is stored in the record and what is built in. */
export function createTerminology({ pool, store }: { pool: Pool; store: Store }): Terminology {
  const library = new Library(pool, readBuiltIn());
  return {
    operations: terminologyOperations(library),
    search: createSearchSource(library, store),
    valueSets: createValueSetSource(library),
  };
}
