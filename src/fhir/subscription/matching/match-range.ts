import { unitScale } from '#lib/ucum/index.ts';
import { ucumSystem } from '../../indexing/index.ts';
import type { RangeTest, UnitTest } from '../../search/condition.ts';

export interface Unit {
  readonly system: string;
  readonly code: string;
  readonly name: string;
}

/** Closed; an open end is infinite. */
export interface QuantityValue {
  readonly low: number;
  readonly high: number;
  readonly unit?: Unit | undefined;
}

/** As many digits as a conversion of units keeps. */
const digits = 12;

/** A value that is asked for in another UCUM unit of the same dimension is compared in its own. */
export function isQuantity(test: RangeTest, wanted: UnitTest | undefined, { low, high, unit }: QuantityValue): boolean {
  if (isUnit(wanted, unit)) return isInNumbers(test, low, high);
  if (!unit || wanted?.code === undefined || wanted.system !== ucumSystem || unit.system !== ucumSystem) return false;
  const own = unitScale(unit.code);
  const asked = unitScale(wanted.code);
  if (!own || !asked || own.dimension !== asked.dimension) return false;
  const toOwn = (bound: number) =>
    Number(((asked.factor * bound + asked.shift - own.shift) / own.factor).toPrecision(digits));
  return isInNumbers({ ...test, from: toOwn(test.from), to: toOwn(test.to) }, low, high);
}

function isUnit(wanted: UnitTest | undefined, unit: Unit | undefined): boolean {
  if (!wanted) return true;
  if (!unit) return false;
  if (wanted.system === undefined) return unit.code === wanted.code || unit.name === wanted.code;
  return unit.system === wanted.system && (wanted.code ?? unit.code) === unit.code;
}

/** Half-open ranges. https://hl7.org/fhir/R4/search.html#prefix */
export function isInDates({ prefix, from, to }: RangeTest, low: number, high: number): boolean {
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
}

/** Closed values against the half-open bounds of a written precision. */
function isInNumbers({ prefix, from, to }: RangeTest, low: number, high: number): boolean {
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
}
