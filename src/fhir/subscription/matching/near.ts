interface Point {
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
}

/** The mean radius of the earth (IUGG). */
const radiusMetres = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** By great circle, as the haversine formula has it. */
export function metresBetween(left: Point, right: Point): number {
  const north = Math.sin(radians(right.latitude - left.latitude) / 2) ** 2;
  const east = Math.sin(radians(right.longitude - left.longitude) / 2) ** 2;
  const half = north + Math.cos(radians(left.latitude)) * Math.cos(radians(right.latitude)) * east;
  return 2 * radiusMetres * Math.asin(Math.min(1, Math.sqrt(half)));
}
