interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** Metres by great circle, from the angle between two vectors: another formula than that of the search. */
export function distanceBetween(left: Point, right: Point): number {
  const [a, b] = [vectorOf(left), vectorOf(right)];
  const cross = Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
  return 6_371_008.8 * Math.atan2(cross, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}

function vectorOf({ latitude, longitude }: Point): [number, number, number] {
  const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}
