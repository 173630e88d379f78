import type { IndexSink } from './index-sink.ts';
import { isObject, type JsonFields, numberOf, textOf } from './json-value.ts';

const currencies = 'urn:iso:std:iso:4217';

/** Closed; a plain value has low = high, an open end is infinite. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** What the comparator of a Quantity leaves possible. */
function comparedRange(value: number, comparator: unknown): NumberRange {
  if (comparator === '<' || comparator === '<=') return { low: -Infinity, high: value };
  if (comparator === '>' || comparator === '>=') return { low: value, high: Infinity };
  return { low: value, high: value };
}

export function quantity(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const number = numberOf(value.value);
  if (number === undefined) return;
  const { low, high } = comparedRange(number, value.comparator);
  sink.quantity(path, low, high, textOf(value.system), textOf(value.code), textOf(value.unit));
}

export function money(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const number = numberOf(value.value);
  if (number !== undefined) sink.quantity(path, number, number, currencies, textOf(value.currency), '');
}

const limitOf = (limit: unknown): number | undefined => (isObject(limit) ? numberOf(limit.value) : undefined);

function rangeOf(value: JsonFields): NumberRange | undefined {
  const low = limitOf(value.low);
  const high = limitOf(value.high);
  if (low === undefined && high === undefined) return undefined;
  return { low: low ?? -Infinity, high: high ?? Infinity };
}

/** A Range has one unit, R4 says: that of its lower end, or of the upper when there is no lower. */
export function quantityRange(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const range = rangeOf(value);
  if (range === undefined) return;
  const unit = isObject(value.low) ? value.low : (value.high as JsonFields);
  sink.quantity(path, range.low, range.high, textOf(unit.system), textOf(unit.code), textOf(unit.unit));
}

export function number(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  const number = numberOf(value);
  if (number !== undefined) sink.number(path, number, number);
}

export function numberRange(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  const range = isObject(value) ? rangeOf(value) : undefined;
  if (range !== undefined) sink.number(path, range.low, range.high);
}
