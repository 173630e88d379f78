import { ucumSystem } from '#fhir/indexing/index.ts';
import type { RangeTest, UnitTest } from '#fhir/search/condition.ts';
import { unitScale } from '#lib/ucum/index.ts';

export const isWithin = ({ prefix, from, to }: RangeTest, low: number, high: number): boolean => {
  const isEqual = low >= from && high <= to;
  switch (prefix) {
    case 'eq':
      return isEqual;
    case 'ne':
      return !isEqual;
    case 'gt':
      return high > to;
    case 'lt':
      return low < from;
    case 'ge':
      return high > to || isEqual;
    case 'le':
      return low < from || isEqual;
    case 'sa':
      return low >= to;
    case 'eb':
      return low < from && high <= from;
    case 'ap':
      return low < to && high > from;
  }
};

const isNumberWithin = ({ prefix, from, to }: RangeTest, low: number, high: number): boolean => {
  const isEqual = low >= from && high < to;
  switch (prefix) {
    case 'eq':
      return isEqual;
    case 'ne':
      return !isEqual;
    case 'gt':
      return high > to;
    case 'lt':
      return low < from;
    case 'ge':
      return high >= from;
    case 'le':
      return low <= to;
    case 'sa':
      return low > to;
    case 'eb':
      return high < from;
    case 'ap':
      return low <= to && high >= from;
  }
};

function isUnit(test: UnitTest | undefined, unit: { system: string; code: string; name: string } | undefined): boolean {
  if (!test) return true;
  if (!unit) return false;
  if (test.system !== undefined) return unit.system === test.system && (test.code ?? unit.code) === unit.code;
  return unit.code === test.code || unit.name === test.code;
}

/** A value that is searched in another unit of the same dimension is converted to it, to twelve digits. */
export function isQuantity(
  { test, unit: wanted }: { readonly test: RangeTest; readonly unit?: UnitTest },
  { low, high, unit }: { low: number; high: number; unit?: { system: string; code: string; name: string } },
): boolean {
  if (isUnit(wanted, unit)) return isNumberWithin(test, low, high);
  if (!unit || wanted?.code === undefined || wanted.system !== ucumSystem || unit.system !== ucumSystem) return false;
  const [scale, other] = [unitScale(unit.code), unitScale(wanted.code)];
  if (!scale || !other || scale.dimension !== other.dimension) return false;
  const inUnit = (bound: number) =>
    Number(((other.factor * bound + other.shift - scale.shift) / scale.factor).toPrecision(12));
  return isNumberWithin({ ...test, from: inUnit(test.from), to: inUnit(test.to) }, low, high);
}
