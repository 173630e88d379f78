import { Failure } from '#lib/failure.ts';
import { normaliseString, searchDateBounds } from '../indexing/index.ts';
import {
  all,
  any,
  type Condition,
  nothing,
  type QuantityCondition,
  type RangeTest,
  type UnitTest,
} from './condition.ts';
import { splitEscaped, unescapeValue } from './escape.ts';
import { parseNumberRange, splitPrefix } from './number-range.ts';

/** How far `ap` reaches beyond a value: R4 recommends a tenth. */
const approximation = 0.1;

/** `date=ge2024-01`: see searchDateBounds for what the prefixes mean. */
export function parseDateTest(text: string, now: number): RangeTest {
  const { prefix, rest } = splitPrefix(unescapeValue(text));
  const { low, high } = searchDateBounds(rest);
  if (prefix !== 'ap') return { prefix, from: low, to: high };
  const distance = Math.round(Math.abs(now - low) * approximation);
  return { prefix, from: low - distance, to: high + distance };
}

export const dateCondition = (paths: readonly number[], values: readonly string[], now: number): Condition =>
  any(values.map((value) => ({ is: 'date', paths, test: parseDateTest(value, now) })));

export function parseNumberTest(text: string): RangeTest {
  const { prefix, rest } = splitPrefix(text);
  const { value, from, to } = parseNumberRange(rest);
  if (prefix === 'eq' || prefix === 'ne') return { prefix, from, to };
  const tolerance = prefix === 'ap' && Number.isFinite(value) ? Math.abs(value) * approximation : 0;
  return { prefix, from: value - tolerance, to: value + tolerance };
}

export const numberCondition = (paths: readonly number[], values: readonly string[]): Condition =>
  any(values.map((value) => ({ is: 'quantity', paths, test: parseNumberTest(unescapeValue(value)) })));

export const quantityCondition = (paths: readonly number[], values: readonly string[]): Condition =>
  any(values.map((text) => ({ is: 'quantity', paths, ...parseQuantity(text) })));

/** `5.4`, `5.4|system|code`, `5.4||code`; `5.4|system` asks for any code of the system. */
export function parseQuantity(text: string): Pick<QuantityCondition, 'test' | 'unit'> {
  const [number = '', system = '', code = '', ...others] = splitEscaped(text, '|').map(unescapeValue);
  if (others.length > 0) {
    throw new Failure(
      'value',
      `"${text}" is no quantity: write [number], [number]|[system]|[code] or [number]||[code].`,
    );
  }
  const unit: UnitTest = { ...(system !== '' && { system }), ...(code !== '' && { code }) };
  return { test: parseNumberTest(number), ...((system !== '' || code !== '') && { unit }) };
}

export type StringModifier = 'exact' | 'contains' | undefined;

export function stringCondition(
  paths: readonly number[],
  values: readonly string[],
  modifier: StringModifier,
): Condition {
  return any(
    values.map((text): Condition => {
      const written = unescapeValue(text);
      const value = normaliseString(written);
      if (value === '') return nothing;
      if (modifier === 'exact') return { is: 'string', paths, match: 'equals', value, written };
      return { is: 'string', paths, match: modifier === 'contains' ? 'contains' : 'starts', value };
    }),
  );
}

export type UriModifier = 'above' | 'below' | undefined;

/** Urns have no hierarchy: `:above` and `:below` are for URLs. https://hl7.org/fhir/R4/search.html#uri */
export function uriCondition(paths: readonly number[], values: readonly string[], modifier: UriModifier): Condition {
  const isUrn: Condition = { is: 'string', paths, match: 'starts', value: 'urn:' };
  return any(
    values.map((text): Condition => {
      const value = unescapeValue(text);
      if (modifier === undefined) return { is: 'string', paths, match: 'equals', value };
      if (value.startsWith('urn:')) return nothing;
      if (modifier === 'above') return { is: 'string', paths, match: 'above', value };
      const below: Condition = { is: 'string', paths, match: 'starts', value };
      return 'urn:'.startsWith(value) ? all([below, { is: 'not', condition: isUrn }]) : below;
    }),
  );
}
