import type { LhcUnit } from '@lhncbc/ucum-lhc';
import { parseUnit } from './parse-unit.ts';

/**
 * What a unit is worth: a value in it is `factor * value + shift` in the base unit of its dimension. Units of one
 * dimension can be compared.
 */
export interface UnitScale {
  readonly dimension: string;
  readonly factor: number;
  readonly shift: number;
}

const cache = new Map<string, UnitScale | undefined>();
const cacheLimit = 10_000;

/**
 * Undefined for what is no UCUM code, and for units that are more than a factor and a shift (pH, bel, neper): those are
 * equal to themselves alone, as are units that nobody means (`10*99.kg`). More is kept apart than UCUM does, because
 * clinically it is never compared: moles from numbers, units of different substances (`[iU]`, `[arb'U]`) from each other,
 * and a bare note (`{score}`) from everything.
 */
export function unitScale(code: string): UnitScale | undefined {
  if (cache.has(code)) return cache.get(code);
  const scale = /^(\{[^{}]*\})*$/.test(code) ? undefined : scaleOf(code);
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(code, scale);
  return scale;
}

function scaleOf(code: string): UnitScale | undefined {
  const unit = parseUnit(code);
  if (!unit) return undefined;
  const [factor, shift] = linearParts(unit);
  if (factor === undefined || shift === undefined || !(factor > 1e-40 && factor < 1e40)) return undefined;
  const dimension = [...(unit.dim_?.dimVec_ ?? [0, 0, 0, 0, 0, 0, 0]), unit.moleExp_].join(' ');
  const arbitrary = unit.isArbitrary_ ? ` ${arbitraryAtoms(code)}` : '';
  return { dimension: `${dimension}${arbitrary}`, factor: tidy(factor), shift };
}

/** Powers of ten are multiplied up in binary: 10*3/uL must be worth as much as 10*9/L. */
const tidy = (factor: number): number => Number(factor.toPrecision(13));

/** Of the special units, only temperatures are linear: the others are logarithms and angles. */
const kelvinAtZero: Readonly<Record<string, number>> = { cel: 273.15, degf: 459.67, degre: 273.15 };

function linearParts({ cnv_, cnvPfx_, magnitude_ }: LhcUnit): [factor?: number, shift?: number] {
  if (cnv_ === null) return [magnitude_, 0];
  const zero = kelvinAtZero[cnv_.toLowerCase()];
  return zero === undefined ? [] : [cnvPfx_ * magnitude_, zero * magnitude_];
}

/** `m[IU]/mL` and `[iU]/L` count the same thing. */
function arbitraryAtoms(code: string): string {
  const atoms = code.match(/\[[^\]]+\]-?\d*/g) ?? [];
  return atoms.map((atom) => atom.replace('[IU]', '[iU]')).join(' ');
}
