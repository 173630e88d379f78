/** Units of measure by the Unified Code for Units of Measure. https://ucum.org/ucum */
import { type LhcUnit, UcumLhcUtils } from '@lhncbc/ucum-lhc';

const { uStrParser_: parser } = UcumLhcUtils.getInstance();

/** No unit in use is longer; the text comes from outside. */
const longest = 100;
const cacheLimit = 10_000;
const printable = /^[!-~]+$/;

const cache = new Map<string, LhcUnit | undefined>();

/** The unit of a case-sensitive UCUM code, or undefined when it is none. */
export function parseUnit(code: string): LhcUnit | undefined {
  if (cache.has(code)) return cache.get(code);
  if (code.length > longest || !printable.test(code)) return undefined;
  const unit = read(code);
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(code, unit);
  return unit;
}

function read(code: string): LhcUnit | undefined {
  // The library takes these for units: see the list of misses in test/conformance/ucum.test.ts.
  if (!isWellFormed(code)) return undefined;
  try {
    const [unit, understood] = parser.parseString(code, 'validate', false);
    // What it understood by correcting it is no unit.
    return unit && understood === code && Number.isFinite(unit.magnitude_) ? unit : undefined;
  } catch {
    // The parser fails on some texts that are no units.
    return undefined;
  }
}

/** Brackets, braces and parentheses that open are closed. */
function isWellFormed(code: string): boolean {
  const withoutNotes = code.replace(/\{[^{}]*\}/g, '').replace(/\[[^[\]{}]*\]/g, '');
  return !/[{}[\]]/.test(withoutNotes);
}
