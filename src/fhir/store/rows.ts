/** Rows of the search index before they become columns; `rid` is the resource that they belong to. */
export interface TokenRow {
  key: bigint;
  rid: number;
}
export interface ReferenceRow {
  path: number;
  target: string;
  rid: number;
}
export interface DateRow {
  path: number;
  low: number;
  high: number;
  rid: number;
}
export interface QuantityRow extends DateRow {
  unit: UnitEntry | undefined;
}
export interface UnitEntry {
  system: string;
  code: string;
  name: string;
}
export interface StringRow {
  path: number;
  value: string;
  original: string | undefined;
  rid: number;
}

/** A hash, or a reference whose target has its number by the time that rows become columns. */
export type KeyPart = bigint | { path: number; target: string };

/** `mask` is that of the composite (src/fhir/indexing/token-key.ts): it goes over the key of the first part. */
interface CompositeRow {
  mask: bigint;
  key: KeyPart;
  rid: number;
}
export interface CompositeKeyRow extends CompositeRow {
  value: KeyPart;
}
export interface RangeValue {
  low: number;
  high: number;
  unit: UnitEntry | undefined;
}
export interface CompositeRangeRow extends CompositeRow, RangeValue {
  path: number;
}
export interface CompositeRangesRow extends CompositeRangeRow {
  second: RangeValue;
}
export interface CompositeStringRow extends CompositeRow {
  path: number;
  value: string;
}
export interface PositionRow {
  path: number;
  latitude: number;
  longitude: number;
  rid: number;
}

/** As PostgreSQL's tsvector is written. */
export interface WordsRow {
  rid: number;
  narrative: string | null;
  content: string | null;
}

/** How much of a resource's text is indexed: nothing, its narrative, or all its texts, too. */
export type TextSearch = 'off' | 'narrative' | 'content';
