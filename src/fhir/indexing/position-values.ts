import type { IndexSink } from './index-sink.ts';
import { isObject, numberOf } from './json-value.ts';

/** Places that are none on earth are not indexed. https://hl7.org/fhir/R4/location.html#positional */
export function position(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const latitude = numberOf(value.latitude);
  const longitude = numberOf(value.longitude);
  if (latitude === undefined || longitude === undefined) return;
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) sink.position(path, latitude, longitude);
}
