export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Point = readonly [x: number, y: number];

/** The first of several places that no point lies in; where all are taken, the one with the fewest points. */
export function freePlace(places: readonly Rectangle[], points: readonly Point[]): Rectangle | undefined {
  const counted = places.map((place) => ({ place, taken: points.filter((point) => isIn(place, point)).length }));
  return counted.reduce<(typeof counted)[number] | undefined>(
    (best, next) => (best && best.taken <= next.taken ? best : next),
    undefined,
  )?.place;
}

const isIn = ({ x, y, width, height }: Rectangle, [px, py]: Point): boolean =>
  px >= x && px <= x + width && py >= y && py <= y + height;

/** Points along the line through the given ones, close enough that no label slips between them. */
export function alongLine(points: readonly Point[], everyPixels = 6): Point[] {
  return points.flatMap(([x, y], index) => {
    const next = points[index + 1];
    if (next === undefined) return [[x, y] as const];
    const steps = Math.max(1, Math.ceil(Math.hypot(next[0] - x, next[1] - y) / everyPixels));
    return Array.from({ length: steps }, (_, step) => {
      const share = step / steps;
      return [x + (next[0] - x) * share, y + (next[1] - y) * share] as const;
    });
  });
}
