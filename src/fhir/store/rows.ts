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
