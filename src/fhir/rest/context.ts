import type { AnyTask, Jobs } from '#lib/jobs/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import type { Access, Trail } from '../access/index.ts';
import type { Idempotency, Once } from '../idempotency/index.ts';
import type { Search } from '../search/index.ts';
import type { Connection, Store } from '../store/index.ts';
import type { Validator } from '../validation/index.ts';
import type { Answer, Parameters, Preferences } from './answer.ts';

/** What a deployment decides about writes. */
export interface WritePolicy {
  /** How many resources a conditional delete may delete at once. */
  conditionalDeletes: number;
  /** Whether a write may refer to what is not there, and delete what others refer to. */
  references: 'accept' | 'reject';
}

/** What the interactions need; built once, in src/fhir/assemble.ts, but for the access, which is that of each request. */
export interface FhirContext {
  /** What whoever sent the request may do. */
  access: Access;
  /** Where it is put down what they did. */
  trail: Trail;
  pool: Pool;
  store: Store;
  search: Search;
  idempotency: Idempotency;
  validator: Validator;
  writes: WritePolicy;
  /** Without a trailing slash: `http://127.0.0.1:8080/fhir`. */
  baseUrl: string;
  /** What /metadata says of how one comes in: CapabilityStatement.rest.security. */
  security: JsonObject | undefined;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  newId: () => string;
  /** Looks for what is there already, before something of some types is created without a condition. */
  beforeCreate?: BeforeCreate | undefined;
  operations: readonly Operation[];
  /** For what an operation leaves to be done in the background. */
  jobs: Jobs;
  /** How that is done: for the worker that every server process starts. */
  tasks: readonly AnyTask[];
}

/** The match of a resource that is about to be created, by whoever asks; fails where several may be meant. */
export interface BeforeCreate {
  types: readonly string[];
  find(context: FhirContext, transaction: Transaction, resource: JsonObject): Promise<Found | undefined>;
}

export interface Found {
  id: string;
  version: number;
}

/** Reads also run inside a transaction. */
export interface ReadContext {
  pool: Connection;
  store: Store;
}

export type OperationLevel = 'system' | 'type' | 'instance';
export type OperationMethod = 'GET' | 'POST' | 'DELETE';

/** As in OperationDefinition.parameter. */
export interface OperationParameter {
  name: string;
  use: 'in' | 'out';
  min: number;
  max: number | '*';
  /** A FHIR type: `uri`, `Coding`, `Resource`; undefined for a group of parts. */
  type?: string;
  documentation: string;
}

/**
 * A named operation, `$name`. The CapabilityStatement, the OpenAPI description and docs/reference/operations.md are
 * printed from these. https://hl7.org/fhir/R4/operations.html
 */
export interface Operation {
  /** Without the dollar sign. */
  name: string;
  levels: readonly OperationLevel[];
  /** Types at whose address it is offered; absent for every type. */
  types?: readonly string[];
  /** Such an operation is posted: a GET must change nothing. */
  affectsState: boolean;
  /** Whether it takes a right of its own, asked by its name; what affects state does, unless it says otherwise. */
  needsRight?: boolean | ((request: Pick<OperationRequest, 'type' | 'id'>) => boolean);
  /** Where the answer is not GET and POST, or POST alone for one that affects state. */
  methods?: readonly OperationMethod[];
  /** Also answers to one more part of the address, `$name/<rest>`, as of the status of something asynchronous. */
  subpath?: boolean;
  title: string;
  documentation: string;
  /** Canonical address of its OperationDefinition, where somebody published one. */
  definition?: string;
  parameters: readonly OperationParameter[];
  run(context: FhirContext, request: OperationRequest): Promise<Answer>;
}

export interface OperationRequest {
  method: OperationMethod;
  type?: string | undefined;
  id?: string | undefined;
  rest?: string | undefined;
  /** Of the address. */
  parameters: Parameters;
  /** The body: Parameters, or a single resource. */
  resource?: JsonObject | undefined;
  /** The name in small letters. */
  header(name: string): string | undefined;
  prefer: Preferences;
  /** From Idempotency-Key; an operation that affects state is run under it. */
  once?: Once | undefined;
  /** Aborted once the client has gone. */
  signal: AbortSignal;
}
