import { isJsonObject, type JsonValue } from '#lib/json/index.ts';
import { isEqual } from '../expression/compare.ts';

/** Whether a value has at least what the pattern has. https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_ */
export function matchesPattern(value: JsonValue | undefined, pattern: JsonValue): boolean {
  if (value === undefined) return false;
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((part) => value.some((item) => matchesPattern(item, part)));
  }
  if (!isJsonObject(pattern)) return isEqual(value, pattern);
  return (
    isJsonObject(value) &&
    Object.entries(pattern).every(([name, part]) => Object.hasOwn(value, name) && matchesPattern(value[name], part))
  );
}

/** Whether a value is exactly the fixed one. */
export const matchesFixed = (value: JsonValue | undefined, fixed: JsonValue): boolean =>
  value !== undefined && isEqual(value, fixed);
