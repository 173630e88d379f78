import type { Pool } from '#lib/postgres/pool.ts';
import type { Operation } from '../rest/operation.ts';
import { readBuiltIn } from './built-in.ts';
import { Library } from './library.ts';
import { terminologyOperations } from './operations/index.ts';

export interface Terminology {
  readonly operations: readonly Operation[];
  readonly library: Library;
}

/** Terminology over what is stored in the record and what is built in. */
export function createTerminology({ pool }: { pool: Pool }): Terminology {
  const library = new Library(pool, readBuiltIn());
  return { library, operations: terminologyOperations(library) };
}
