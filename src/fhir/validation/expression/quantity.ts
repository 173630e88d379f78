import { type JsonObject, numberValue } from '#lib/json/index.ts';
import { convertUnit } from '#lib/ucum/index.ts';

const ucum = 'http://unitsofmeasure.org';

/** Below, at, or above 0 as the first is less, equal, or more; undefined when the units do not tell. */
export function compareQuantities(one: JsonObject, other: JsonObject): number | undefined {
  const [left, right] = [numberValue(one.value), numberValue(other.value)];
  if (left === undefined || right === undefined) return undefined;
  const isSameCode = one.code !== undefined && one.code === other.code && one.system === other.system;
  const isSameText = one.code === undefined && other.code === undefined && one.unit === other.unit;
  if (isSameCode || isSameText) return left - right;
  if (one.system !== ucum || other.system !== ucum) return undefined;
  if (typeof one.code !== 'string' || typeof other.code !== 'string') return undefined;
  const converted = convertUnit({ value: left, unit: one.code }, other.code);
  return converted === undefined ? undefined : converted - right;
}
