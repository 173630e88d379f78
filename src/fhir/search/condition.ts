import type { Prefix } from './number-range.ts';
import type { WordExpression } from './word-expression.ts';

/**
 * What a search demands of a resource, in terms of index rows: the criteria of a query become a tree of these. A path is
 * the number of an indexed expression of one resource type, so most conditions imply the type.
 */
export type Condition =
  | { readonly is: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly is: 'not'; readonly condition: Condition }
  | TokenCondition
  | TextCondition
  | ReferenceCondition
  | DateCondition
  | QuantityCondition
  | StringCondition
  | WordsCondition
  | CompositeCondition
  | NearCondition
  | IdCondition
  | { readonly is: 'updated'; readonly test: RangeTest }
  | PresenceCondition
  | ChainCondition
  | ReverseCondition
  | GrantedCondition
  | OfTypeCondition;

export interface IdCondition {
  readonly is: 'id';
  readonly ids: readonly string[];
  readonly types: readonly string[];
  /** Or stands in the place of one of these, as after a merge. */
  readonly orSurvives?: true;
}

/** A token row with one of these keys, or with the key of one of these codes or systems in the dictionary. */
export interface TokenCondition {
  readonly is: 'token';
  /** The keys are nearly unique, as an identifier is. */
  readonly rare?: true;
  readonly keys: readonly bigint[];
  readonly paths: readonly number[];
  /** Codes in whatever system. */
  readonly codes: readonly string[];
  /** Systems with whatever code. */
  readonly systems: readonly string[];
}

/** A coded value beside which a text stands that contains this one (normalised). */
export interface TextCondition {
  readonly is: 'text';
  readonly paths: readonly number[];
  /** Where the values of each path stand in the JSON, as SQL/JSON paths. */
  readonly places: readonly (readonly string[])[];
  readonly text: string;
}

/** A reference on one of these paths to one of these resources. */
export interface ReferenceCondition {
  readonly is: 'reference';
  readonly targets: readonly ReferenceTarget[];
}

export interface ReferenceTarget {
  readonly path: number;
  readonly type: string;
  readonly id: string;
  /** Where it is known, so that the id need not be looked up; then no merge is followed. */
  readonly rid?: number;
}

/**
 * How a stored range stands to the searched one, by the prefixes of R4. https://hl7.org/fhir/R4/search.html#prefix
 * Dates are half-open on both sides. Numbers: `from` and `to` are the bounds of the written precision for `eq` and `ne`,
 * of ten per cent for `ap`, and the number itself otherwise.
 */
export interface RangeTest {
  readonly prefix: Prefix;
  readonly from: number;
  readonly to: number;
}

export interface DateCondition {
  readonly is: 'date';
  readonly paths: readonly number[];
  readonly test: RangeTest;
}

export interface QuantityCondition {
  readonly is: 'quantity';
  readonly paths: readonly number[];
  readonly test: RangeTest;
  /** Absent when any unit will do. */
  readonly unit?: UnitTest;
}

/** `system` alone, `code` in a system, or, without a system, a code or printed unit. */
export interface UnitTest {
  readonly system?: string;
  readonly code?: string;
}

export interface StringCondition {
  readonly is: 'string';
  readonly paths: readonly number[];
  /**
   * Of the kept value: `starts` with, `ends` with, `contains`, is the `same`, was written so that it `equals`, or, for uris, is
   * `above`: a beginning of the searched one.
   */
  readonly match: 'starts' | 'ends' | 'contains' | 'same' | 'equals' | 'above';
  /** In the form in which it is kept: normalised for strings, as written for uris. */
  readonly value: string;
  /** For `equals`: what must have been written. */
  readonly written?: string;
}

/** The kept key is one of these. */
export type KeyTest = readonly (TokenCondition | ReferenceCondition)[];

/** What a kept range must be like; dates and numbers compare differently. */
export interface RangePart {
  readonly kind: 'date' | 'quantity';
  readonly test: RangeTest;
  readonly unit?: UnitTest;
}

/** All parts hold in one element: one or two keys, or one and ranges or a beginning of a text. */
export interface CompositeCondition {
  readonly is: 'composite';
  readonly path: number;
  readonly key?: KeyTest;
  readonly value?: KeyTest;
  readonly ranges: readonly RangePart[];
  readonly text?: string;
  /** What has the composite has a row of its own for the key. */
  readonly canWalk: boolean;
}

/** Lies within so many metres of a point, by great circle. */
export interface NearCondition {
  readonly is: 'near';
  readonly paths: readonly number[];
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  readonly distance: number;
}

/** Its narrative, or all that it says, holds these words. */
export interface WordsCondition {
  readonly is: 'words';
  readonly source: 'narrative' | 'content';
  readonly expression: WordExpression;
}

/** Has any row on these paths. */
export interface PresenceCondition {
  readonly is: 'present';
  readonly table: PresenceTable;
  readonly paths: readonly number[];
  /** Token keys that say so for values without dictionary. */
  readonly keys: readonly bigint[];
}

export type PresenceTable =
  | 'token'
  | 'reference'
  | 'date'
  | 'quantity'
  | 'string'
  | 'position'
  | 'composite_range'
  | 'composite_ranges'
  | 'composite_string';

/** Refers, on one of these paths, to a resource of this type for which the condition holds. */
export interface ChainCondition {
  readonly is: 'chain';
  readonly paths: readonly number[];
  readonly type: string;
  readonly condition: Condition;
}

/** Is referred to, on one of these paths, by a resource for which the condition holds. */
export interface ReverseCondition {
  readonly is: 'reverse';
  readonly paths: readonly number[];
  /** The type of the resource that refers. */
  readonly type: string;
  /** The type that is referred to: the one that is searched. */
  readonly target: string;
  readonly condition: Condition;
}

/** Is the record, or is about the record, of a patient that is open to a party; see the table fhir.access_grant. */
export interface GrantedCondition {
  readonly is: 'granted';
  /** Of the references to the patient; none where the resource itself is the Patient. */
  readonly paths: readonly number[];
  /** A party and a kind of relationship each. */
  readonly keys: readonly bigint[];
  /** Microseconds since 1970 UTC: when it is asked. */
  readonly at: number;
  /** Of the dates of the resource, for what is open within a period only. */
  readonly dates: readonly number[];
}

/** Has this type, and meets the condition. */
export interface OfTypeCondition {
  readonly is: 'of-type';
  readonly type: string;
  readonly condition: Condition;
}

export const all = (conditions: readonly Condition[]): Condition =>
  conditions.length === 1 && conditions[0] ? conditions[0] : { is: 'all', conditions };

export const any = (conditions: readonly Condition[]): Condition =>
  conditions.length === 1 && conditions[0] ? conditions[0] : { is: 'any', conditions };

/** Holds for everything: an empty `all`. */
export const everything: Condition = { is: 'all', conditions: [] };

/** Holds for nothing: an empty `any`. */
export const nothing: Condition = { is: 'any', conditions: [] };
