import {
  anySystem,
  anyValue,
  type CompositeParts,
  type CompositeValue,
  normaliseString,
  tokenKey,
} from '../../indexing/index.ts';
import type { CompositeCondition, KeyTest, RangePart } from '../../search/condition.ts';
import { parseLiteralReference } from '../../store/index.ts';
import { isInDates, isQuantity } from './match-range.ts';

type Values = readonly CompositeValue[];

const kindOf = ([first]: Values): 'range' | 'string' | 'key' =>
  first?.is === 'range' || first?.is === 'string' ? first.is : 'key';

/** Whether one element has, for every part of a composite, a value that meets it. */
export function hasParts({ key, value, ranges, text }: CompositeCondition, parts: CompositeParts): boolean {
  const keyed = parts.filter((values) => kindOf(values) === 'key');
  const ranged = parts.filter((values) => kindOf(values) === 'range');
  const tests = [key, value].filter((test) => test !== undefined);
  return (
    tests.every((test, index) => keyed[index]?.some((found) => isKey(test, found))) &&
    ranges.every((range, index) => ranged[index]?.some((found) => isInRange(range, found))) &&
    (text === undefined || parts.some((values) => values.some((found) => startsWith(text, found))))
  );
}

const startsWith = (text: string, value: CompositeValue): boolean =>
  value.is === 'string' && normaliseString(value.value).startsWith(text);

function isKey(test: KeyTest, value: CompositeValue): boolean {
  return test.some((part) => {
    if (part.is === 'token') {
      if (keysOf(value).some((key) => part.keys.includes(key))) return true;
      return value.is === 'code' && (part.codes.includes(value.code) || part.systems.includes(value.system));
    }
    const target = value.is === 'reference' ? parseLiteralReference(value.reference) : undefined;
    return part.targets.some(({ type, id }) => type === target?.type && id === target.id);
  });
}

function keysOf(value: CompositeValue): bigint[] {
  switch (value.is) {
    case 'code':
      return [tokenKey(value.path, value.system, value.code)];
    case 'identifier':
      return [
        tokenKey(value.path, value.system, value.code),
        tokenKey(value.path, anySystem, value.code),
        tokenKey(value.path, value.system, anyValue),
      ];
    case 'reference':
      return [tokenKey(value.path, '', value.reference)];
    case 'uri':
      return [tokenKey(value.path, '', value.uri)];
    default:
      return [];
  }
}

function isInRange({ kind, test, unit }: RangePart, value: CompositeValue): boolean {
  if (value.is !== 'range') return false;
  return kind === 'date' ? isInDates(test, value.low, value.high) : isQuantity(test, unit, value);
}
