import type { JsonObject } from '#lib/json/index.ts';
import type { Once } from '../idempotency/index.ts';
import type { Answer, Parameters, Preferences } from './answer.ts';
import type { FhirContext } from './context.ts';

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

export const methodsOf = ({ methods, affectsState }: Operation): readonly OperationMethod[] =>
  methods ?? (affectsState ? ['POST'] : ['GET', 'POST']);
