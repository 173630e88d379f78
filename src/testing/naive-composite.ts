import {
  anySystem,
  anyValue,
  type CompositeParts,
  type CompositeValue,
  normaliseString,
  tokenKey,
} from '#fhir/indexing/index.ts';
import type { CompositeCondition, KeyTest, RangePart } from '#fhir/search/condition.ts';
import { parseLiteralReference } from '#fhir/store/index.ts';
import { isQuantity, isWithin } from './naive-range.ts';

/** Whether one element has, for every part of a composite, a value that meets it. */
export function hasParts({ key, value, ranges, text }: CompositeCondition, parts: CompositeParts): boolean {
  const keyed = parts.filter(([first]) => first?.is !== 'range' && first?.is !== 'string');
  const ranged = parts.filter(([first]) => first?.is === 'range');
  const tests = [key, value].filter((test) => test !== undefined);
  return (
    tests.every((test, index) => keyed[index]?.some((found) => isKey(test, found))) &&
    ranges.every((range, index) => ranged[index]?.some((found) => isInRange(range, found))) &&
    (text === undefined ||
      parts.flat().some((found) => found.is === 'string' && normaliseString(found.value).startsWith(text)))
  );
}

const isKey = (test: KeyTest, value: CompositeValue): boolean =>
  test.some((part) => {
    if (part.is === 'reference') {
      const target = value.is === 'reference' ? parseLiteralReference(value.reference) : undefined;
      return part.targets.some(({ type, id }) => type === target?.type && id === target.id);
    }
    if (keysOf(value).some((key) => part.keys.includes(key))) return true;
    return value.is === 'code' && (part.codes.includes(value.code) || part.systems.includes(value.system));
  });

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

const isInRange = ({ kind, test, unit }: RangePart, value: CompositeValue): boolean =>
  value.is === 'range' &&
  (kind === 'date' ? isWithin(test, value.low, value.high) : isQuantity({ test, ...(unit && { unit }) }, value));

interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** Metres by great circle, from the angle between two vectors: another formula than that of the search. */
export function distanceBetween(left: Point, right: Point): number {
  const [a, b] = [vectorOf(left), vectorOf(right)];
  const cross = Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
  return 6_371_008.8 * Math.atan2(cross, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}

function vectorOf({ latitude, longitude }: Point): [number, number, number] {
  const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}
