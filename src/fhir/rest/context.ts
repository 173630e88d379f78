import type { AnyTask, Jobs } from '#lib/jobs/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Idempotency } from '../idempotency/index.ts';
import type { Search } from '../search/index.ts';
import type { Connection, Store } from '../store/index.ts';
import type { Validator } from '../validation/index.ts';
import type { Operation } from './operation.ts';

/** What a deployment decides about writes. */
export interface WritePolicy {
  /** How many resources a conditional delete may delete at once. */
  conditionalDeletes: number;
  /** Whether a write may refer to what is not there, and delete what others refer to. */
  references: 'accept' | 'reject';
}

/** What the interactions need; built once, in src/fhir/assemble.ts. */
export interface FhirContext {
  pool: Pool;
  store: Store;
  search: Search;
  idempotency: Idempotency;
  validator: Validator;
  writes: WritePolicy;
  /** Without a trailing slash: `http://127.0.0.1:8080/fhir`. */
  baseUrl: string;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  newId: () => string;
  operations: readonly Operation[];
  /** For what an operation leaves to be done in the background. */
  jobs: Jobs;
  /** How that is done: for the worker that every server process starts. */
  tasks: readonly AnyTask[];
}

/** Reads also run inside a transaction. */
export interface ReadContext {
  pool: Connection;
  store: Store;
}
