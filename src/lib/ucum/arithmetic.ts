import type { LhcUnit } from '@lhncbc/ucum-lhc';
import { parseUnit } from './parse-unit.ts';

/** A number with a UCUM code. */
export interface Measure {
  readonly value: number;
  readonly unit: string;
}

/** The value in another unit, or undefined when the two cannot be compared or are none. */
export function convertUnit({ value, unit }: Measure, target: string): number | undefined {
  const from = parseUnit(unit);
  const to = parseUnit(target);
  return from && to && convert(value, from, to);
}

/** The product in a unit of its dimension. */
export const multiplyIn = (left: Measure, right: Measure, target: string): number | undefined =>
  combine(left, right, target, (from, other) => from.multiplyThese(other), left.value * right.value);

/** The quotient in a unit of its dimension. */
export const divideIn = (left: Measure, right: Measure, target: string): number | undefined =>
  combine(left, right, target, (from, other) => from.divide(other), left.value / right.value);

function combine(
  left: Measure,
  right: Measure,
  target: string,
  of: (left: LhcUnit, right: LhcUnit) => LhcUnit,
  value: number,
): number | undefined {
  const from = parseUnit(left.unit);
  const other = parseUnit(right.unit);
  const to = parseUnit(target === '' ? '1' : target);
  return from && other && to && convert(value, of(from, other), to);
}

function convert(value: number, from: LhcUnit, to: LhcUnit): number | undefined {
  try {
    return to.convertFrom(value, from);
  } catch {
    // It says so by an error when units are not commensurable.
    return undefined;
  }
}
