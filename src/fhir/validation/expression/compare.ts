import { isDeepStrictEqual } from 'node:util';
import { type JsonValue, numberValue } from '#lib/json/index.ts';
import { dateRange } from '../../indexing/index.ts';
import { isObject, valueless } from './compiled.ts';
import { compareQuantities } from './quantity.ts';

/** Numbers by value, whatever their digits; objects member by member. */
export function isEqual(one: JsonValue, other: JsonValue): boolean {
  if (one === other) return one !== valueless;
  const [first, second] = [numberValue(one), numberValue(other)];
  if (first !== undefined || second !== undefined) return first === second;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => isEqual(item, other[index] as JsonValue));
  }
  if (!isObject(one) || !isObject(other)) return isDeepStrictEqual(one, other);
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name] as JsonValue, other[name] as JsonValue))
  );
}

export type Order = '<' | '>' | '<=' | '>=';

/**
 * Whether two values can stand in this order. Dates of different precision, and quantities in different units, are
 * given the benefit of the doubt: undefined only when a side is no value that has an order.
 */
export function isInOrder(one: JsonValue, operator: Order, other: JsonValue): boolean | undefined {
  const [first, second] = [numberValue(one), numberValue(other)];
  if (first !== undefined && second !== undefined) return hold(first, operator, second);
  if (typeof one === 'string' && typeof other === 'string') return areInOrder(one, operator, other);
  if (isObject(one) && isObject(other) && one !== valueless && other !== valueless) {
    const order = compareQuantities(one, other);
    if (order === undefined) return one.value === undefined || other.value === undefined ? undefined : true;
    return hold(order, operator, 0);
  }
  return undefined;
}

function hold(one: number | string, operator: Order, other: number | string): boolean {
  if (operator === '<') return one < other;
  if (operator === '<=') return one <= other;
  return operator === '>' ? one > other : one >= other;
}

function areInOrder(one: string, operator: Order, other: string): boolean {
  const [first, second] = [dateRange(one), dateRange(other)];
  if (!first || !second) return hold(one, operator, other);
  if (operator === '<') return first.low < second.high - 1;
  if (operator === '<=') return first.low < second.high;
  return operator === '>' ? first.high - 1 > second.low : first.high > second.low;
}
