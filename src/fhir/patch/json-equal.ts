import { isRawNumber, type JsonObject, type JsonValue, numberText } from '#lib/json/index.ts';
import type { Effort } from './effort.ts';
import { memberOf } from './member.ts';

/** Equality of RFC 6902, section 4.6: numbers by value, however they are written; members in any order. */
export function isJsonEqual(left: JsonValue, right: JsonValue, effort: Effort): boolean {
  effort.spend(1);
  const leftNumber = numberText(left);
  const rightNumber = numberText(right);
  if (leftNumber !== undefined && rightNumber !== undefined) return canonical(leftNumber) === canonical(rightNumber);
  if (!isContainer(left) || !isContainer(right)) return left === right;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((entry, index) => isJsonEqual(entry, right[index] as JsonValue, effort));
  }
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const other = memberOf(right, name);
    return other !== undefined && isJsonEqual(memberOf(left, name) as JsonValue, other, effort);
  });
}

const isContainer = (value: JsonValue): value is JsonObject | JsonValue[] =>
  typeof value === 'object' && value !== null && !isRawNumber(value);

/** `-12e-1` for -1.2, -1.20 and -0.12e1: the digits without zeros at either end, and the power of ten. */
function canonical(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}
