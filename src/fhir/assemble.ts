import { v7 as uuidv7 } from 'uuid';
import { createJobs } from '#lib/jobs/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { FhirContext } from './rest/index.ts';
import { createSearch } from './search/index.ts';
import { createStore } from './store/index.ts';

export interface FhirDependencies {
  pool: Pool;
  /** For what must not wait for, or roll back with, a transaction: two connections. */
  sidePool: Pool;
  /** Without a trailing slash: `http://127.0.0.1:8080/fhir`. */
  baseUrl: string;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
}

/** Puts the FHIR server together, from the bottom up. */
export function createFhir({ pool, sidePool, baseUrl, now }: FhirDependencies): FhirContext {
  return {
    pool,
    store: createStore({ pool, sidePool, now }),
    search: createSearch({ pool, baseUrl }),
    baseUrl,
    now,
    newId: uuidv7,
    operations: [],
    jobs: createJobs(pool),
    tasks: [],
  };
}
