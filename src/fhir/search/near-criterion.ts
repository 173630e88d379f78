import { Failure } from '#lib/failure.ts';
import { convertUnit } from '#lib/ucum/index.ts';
import { any, type Condition } from './condition.ts';
import { splitEscaped, unescapeValue } from './escape.ts';

/** How far away something may be and still be near, where a search does not say. */
const defaultDistance = 50_000;

const decimal = /^[+-]?\d{1,9}(\.\d{0,20})?([eE][+-]?\d{1,2})?$/;

/**
 * `near=45.07|7.69|5|km`: latitude, longitude, distance and its UCUM unit; kilometres, when no unit is given.
 * https://hl7.org/fhir/R4/location.html#positional
 */
export const nearCondition = (paths: readonly number[], values: readonly string[]): Condition =>
  any(values.map((value) => ({ is: 'near', paths, ...parseNear(value) })));

function parseNear(text: string): { latitude: number; longitude: number; distance: number } {
  const [north = '', east = '', distance = '', unit = '', ...others] = splitEscaped(text, '|').map(unescapeValue);
  const isNumber = [north, east].every((part) => decimal.test(part)) && (distance === '' || decimal.test(distance));
  if (!isNumber || others.length > 0 || Math.abs(Number(north)) > 90 || Math.abs(Number(east)) > 180) {
    throw new Failure(
      'value',
      `"${text}" is no place: write [latitude]|[longitude]|[distance]|[unit], such as 45.07|7.69|5|km.`,
    );
  }
  return { latitude: Number(north), longitude: Number(east), distance: metres(distance, unit === '' ? 'km' : unit) };
}

function metres(distance: string, unit: string): number {
  if (distance === '') return defaultDistance;
  const value = convertUnit({ value: Number(distance), unit }, 'm');
  if (value === undefined || value < 0) {
    throw new Failure('value', `"${distance} ${unit}" is no distance: write a UCUM unit such as km, m or [mi_us].`);
  }
  return value;
}
