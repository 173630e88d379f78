import { isRawNumber, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import type { Expression } from './parse.ts';

/** What an expression may ask about, besides the value that it stands on. */
export interface Surroundings {
  /** `%resource`: the innermost resource that holds the value. */
  readonly resource: JsonObject;
  /** `%rootResource`: the resource that contains it, or itself. */
  readonly root: JsonObject;
  /** `%context`: the value on which the whole expression stands; set where an expression asks for it. */
  readonly context?: JsonValue;
  /** Whether a code is in a value set; undefined when nobody knows. */
  readonly memberOf?: (value: JsonValue, valueSet: string) => boolean | undefined;
  /** What a reference points to, as far as it can be seen from here. */
  readonly resolve?: (reference: string) => JsonObject | undefined;
}

export type Collection = readonly JsonValue[];

/** A part of an expression, ready to be evaluated as often as wanted. */
export interface Evaluator {
  /** FHIR types of what it gives; undefined when they cannot be known beforehand. */
  readonly types: readonly string[] | undefined;
  run(scope: Collection, around: Surroundings): Collection;
  /** The truth of it, undefined for an empty collection; quicker than `run` where it exists. */
  test?: (scope: Collection, around: Surroundings) => boolean | undefined;
  /** The same, restricted to values of a type. */
  narrow?: (type: string) => Evaluator;
}

export interface Scope {
  /** Types of `$this`. */
  readonly types: readonly string[] | undefined;
  /** Types of `%context`. */
  readonly contextTypes: readonly string[] | undefined;
  readonly rootType: string | undefined;
  /** Of R4 itself: its patterns are known to be quick. */
  readonly isTrusted: boolean;
}

export type Compile = (expression: Expression, scope: Scope) => Evaluator;

export const none: Collection = Object.freeze([]);
const yes: Collection = Object.freeze([true]);
const no: Collection = Object.freeze([false]);

/** Stands for a primitive that has extensions and no value. */
export const valueless: JsonObject = Object.freeze({}) as JsonObject;

export const asCollection = (truth: boolean | undefined): Collection => (truth === undefined ? none : truth ? yes : no);

export function predicate(
  test: (scope: Collection, around: Surroundings) => boolean | undefined,
): Evaluator & { test: typeof test } {
  return { types: ['boolean'], test, run: (scope, around) => asCollection(test(scope, around)) };
}

/** Singleton evaluation: one value that is no boolean counts as true. http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections */
export function truthOf(evaluator: Evaluator): (scope: Collection, around: Surroundings) => boolean | undefined {
  if (evaluator.test) return evaluator.test;
  return (scope, around) => {
    const [first, ...others] = evaluator.run(scope, around);
    if (first === undefined) return undefined;
    return typeof first === 'boolean' && others.length === 0 ? first : true;
  };
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);
