import { Failure } from '#lib/failure.ts';

export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof prefixes)[number];

const isPrefix = (text: string): text is Prefix => (prefixes as readonly string[]).includes(text);

/** `ge5` is `ge` and `5`; without a prefix, `eq` is meant. */
export function splitPrefix(text: string): { prefix: Prefix; rest: string } {
  const start = text.slice(0, 2);
  return isPrefix(start) ? { prefix: start, rest: text.slice(2) } : { prefix: 'eq', rest: text };
}

const decimal = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

export interface NumberRange {
  /** The number itself. */
  readonly value: number;
  /** What it stands for by its written precision, half-open: `5.40` for [5.395, 5.405). */
  readonly from: number;
  readonly to: number;
}

/**
 * Reads a search number. The bounds are computed in whole numbers, since 5.4 - 0.05 is not 5.35 in binary.
 * https://hl7.org/fhir/R4/search.html#number
 */
export function parseNumberRange(text: string): NumberRange {
  const match = decimal.exec(text);
  if (!match) throw new Failure('value', `"${text}" is not a number. Write a decimal such as 5.4 or 1e3.`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const power = Number(exponent) - fraction.length;
  const tenfold = BigInt(`${whole}${fraction}`) * (sign === '-' ? -10n : 10n);
  const value = Number(text);
  const from = Number(`${tenfold - 5n}e${power - 1}`);
  const to = Number(`${tenfold + 5n}e${power - 1}`);
  // With more digits than a double holds nothing would be between the bounds, not even the number itself.
  const least = Math.max(Math.abs(value) * 2 ** -50, Number.MIN_VALUE);
  const isNarrow = Number.isFinite(value) && to - from < 2 * least;
  return isNarrow ? { value, from: value - least, to: value + least } : { value, from, to };
}
