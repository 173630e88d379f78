import type { Issue } from '#lib/failure.ts';
import type { Condition } from './condition.ts';
import type { Restriction } from './restriction.ts';

/** A search as it arrives. Parameters are decoded, in the order of the query string. */
export interface SearchInput {
  /** Absent for a search over the whole system (with or without `_type`). */
  readonly type?: string;
  /** `Patient/1/Observation`: only what belongs to this compartment. */
  readonly compartment?: { readonly type: string; readonly id: string };
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** `strict` fails at the first thing that is not understood; `lenient` reports it and goes on. */
  readonly handling: 'strict' | 'lenient';
  /** What whoever asks may see, in all that the search touches; undefined for everything. */
  readonly restriction: Restriction | undefined;
}

export type SummaryMode = 'true' | 'false' | 'text' | 'data' | 'count';
export type TotalMode = 'none' | 'estimate' | 'accurate';

/**
 * What a `_sort` key reads: rows of a value table, the dictionary of codes, a column of the resource, or, for what the index
 * holds as hashes only (identifiers), its content.
 */
export type SortSource = 'date' | 'quantity' | 'string' | 'reference' | 'token' | 'updated' | 'id' | 'content';

export interface SortKey {
  readonly source: SortSource;
  readonly paths: readonly number[];
  /** For `content`: where the values stand in the JSON, as SQL/JSON paths. */
  readonly places?: readonly string[];
  readonly descending: boolean;
}

export interface Include {
  readonly direction: 'forward' | 'reverse';
  /** Applies to what an earlier round has included, too. */
  readonly iterate: boolean;
  /** Types of the resources that hold the references. */
  readonly sourceType: string | undefined;
  /** Undefined for `*`: every reference. */
  readonly paths: readonly number[] | undefined;
  /** Undefined when any type will do. */
  readonly targetType: string | undefined;
  /** As written, for messages. */
  readonly text: string;
}

/** The place after which a page begins: the sort values of the last row of the page before, and its rid. */
export interface Cursor {
  readonly values: readonly (string | number | null)[];
  readonly rid: number;
  /** Carried from the first page, where it was known. */
  readonly total?: number;
}

export interface SearchRequest {
  /** Empty for all types. */
  readonly types: readonly string[];
  readonly condition: Condition;
  readonly sort: readonly SortKey[];
  readonly count: number;
  readonly total: TotalMode | undefined;
  readonly summary: SummaryMode | undefined;
  readonly elements: readonly string[] | undefined;
  readonly includes: readonly Include[];
  /** It stands in the condition already; what is included is held to it, too. */
  readonly restriction: Restriction | undefined;
  readonly cursor: Cursor | undefined;
  /** The parameters that were understood, as written: what the self link shows. */
  readonly understood: readonly (readonly [name: string, value: string])[];
  readonly issues: readonly Issue[];
}

export interface FoundResource {
  readonly rid: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** Microseconds since 1970 UTC. */
  readonly updated: number;
  /** The JSON text as it was accepted. */
  readonly content: string;
}

export interface SearchResult {
  readonly matches: readonly FoundResource[];
  readonly included: readonly FoundResource[];
  /** Absent when it was not asked for and is not known without counting. */
  readonly total?: number;
  /** The value of `_cursor` for the following page; absent on the last one. */
  readonly next?: string;
  /** Parameters as understood, without `_cursor`: for the links. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly summary?: SummaryMode;
  readonly elements?: readonly string[];
  /** What was ignored or cut, to be told in an OperationOutcome entry of the Bundle. */
  readonly issues: readonly Issue[];
}
