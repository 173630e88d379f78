import { type DateRange, dateRange } from './date-range.ts';
import type { IndexSink } from './index-sink.ts';
import { isObject, itemsOf } from './json-value.ts';

export function date(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value !== 'string') return;
  const range = dateRange(value);
  if (range !== undefined) sink.date(path, range.low, range.high);
}

/**
 * From the start of `start` to the end of `end`; an absent end is open. One that ends before it starts is wrong, but
 * should be found by the times that it names.
 */
function periodRange(value: unknown): DateRange | undefined {
  if (!isObject(value)) return undefined;
  const start = typeof value.start === 'string' ? dateRange(value.start) : undefined;
  const end = typeof value.end === 'string' ? dateRange(value.end) : undefined;
  if (start === undefined) return end && { low: -Infinity, high: end.high };
  if (end === undefined) return { low: start.low, high: Infinity };
  return { low: Math.min(start.low, end.low), high: Math.max(start.high, end.high) };
}

export function period(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  const range = periodRange(value);
  if (range !== undefined) sink.date(path, range.low, range.high);
}

/** Only the outer limits of a Timing count, as R4 says; a repetition without limits has no date. */
export function timing(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const ranges = itemsOf(value.event).map((event) => (typeof event === 'string' ? dateRange(event) : undefined));
  if (isObject(value.repeat)) ranges.push(periodRange(value.repeat.boundsPeriod));
  let low = Infinity;
  let high = -Infinity;
  for (const range of ranges) {
    low = Math.min(low, range?.low ?? low);
    high = Math.max(high, range?.high ?? high);
  }
  if (low < high) sink.date(path, low, high);
}
