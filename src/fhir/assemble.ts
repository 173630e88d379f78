import { v7 as uuidv7 } from 'uuid';
import { createJobs } from '#lib/jobs/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { type BulkOptions, createBulk } from './bulk/assemble.ts';
import { createIdempotency } from './idempotency/index.ts';
import type { FhirContext, WritePolicy } from './rest/index.ts';
import { everythingOperations, metaOperations } from './rest/operations/index.ts';
import { createSearch } from './search/index.ts';
import { createStore, type TextSearch } from './store/index.ts';
import { createTerminology } from './terminology/index.ts';

export interface FhirDependencies {
  pool: Pool;
  /** For what must not wait for, or roll back with, a transaction: two connections. */
  sidePool: Pool;
  /** Without a trailing slash: `http://127.0.0.1:8080/fhir`. */
  baseUrl: string;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** Whose words are indexed for _text and _content; `narrative` unless it is said otherwise. */
  textSearch?: TextSearch | undefined;
  writes?: Partial<WritePolicy> | undefined;
  /** Where bulk exports and imports keep their files; without it, they are not offered. */
  bulk?: BulkOptions | undefined;
}

/** Puts the FHIR server together, from the bottom up. */
export function createFhir({ pool, sidePool, baseUrl, now, bulk, textSearch, writes }: FhirDependencies): FhirContext {
  const store = createStore({ pool, sidePool, now, textSearch });
  const terminology = createTerminology({ pool });
  const search = createSearch({ pool, baseUrl, textSearch });
  const jobs = createJobs(pool);
  const { operations: bulkOperations = [], tasks: bulkTasks = [] } = bulk
    ? createBulk({ pool, store, search, jobs, baseUrl, now }, bulk)
    : {};
  return {
    pool,
    store,
    search,
    writes: { conditionalDeletes: 1, ...writes },
    idempotency: createIdempotency({ pool, sidePool, now }),
    baseUrl,
    now,
    newId: uuidv7,
    operations: [...everythingOperations, ...metaOperations, ...bulkOperations, ...terminology.operations],
    jobs,
    tasks: [...bulkTasks],
  };
}
