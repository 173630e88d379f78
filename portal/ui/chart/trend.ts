/** What a trend chart draws, free of any drawing library. */
export interface TrendPoint {
  at: number;
  value: number;
  /** The lower end of a dumbbell. */
  low?: number;
  isFlagged: boolean;
  /** The value in words, with its mark: "152/88 H". */
  label: string;
  /** What the reader sees when they point at it: date, value with unit, source. */
  description: string;
}

export interface TrendBand {
  low?: number;
  high?: number;
  /** A second edge inside the band: the diastolic goal. */
  inner?: number;
  label: string;
}

export interface Trend {
  /** Oldest first. */
  points: readonly TrendPoint[];
  band?: TrendBand;
  from: number;
  now: number;
}

export interface Extent {
  min: number;
  max: number;
  step: number;
}

const niceSteps = [1, 2, 2.5, 5, 10];

/** A scale that holds all values and the edges of the band, on round numbers, in three to five steps. */
export function extentOf({ points, band }: Pick<Trend, 'points' | 'band'>): Extent {
  const edges = [band?.low, band?.high, band?.inner].filter((edge) => edge !== undefined);
  const values = [...points.flatMap(({ value, low }) => (low === undefined ? [value] : [value, low])), ...edges];
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const spread = highest - lowest || Math.abs(highest) * 0.2 || 1;
  const rough = spread / 3;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = (niceSteps.find((nice) => nice * magnitude >= rough) ?? 10) * magnitude;
  const min = Math.floor((lowest - spread * 0.08) / step) * step;
  const max = Math.ceil((highest + spread * 0.08) / step) * step;
  return { min: lowest >= 0 ? Math.max(0, min) : min, max, step };
}

/** The points that carry their value in the picture: the last, and the highest one that is marked; all, where few. */
export function labelledPoints(points: readonly TrendPoint[]): ReadonlySet<TrendPoint> {
  const last = points.at(-1);
  if (last === undefined) return new Set();
  if (points.length <= 5) return new Set(points);
  const flagged = points.filter(({ isFlagged }) => isFlagged);
  const highest = flagged.reduce<TrendPoint | undefined>(
    (top, point) => (top && top.value >= point.value ? top : point),
    undefined,
  );
  return new Set(highest && highest !== last ? [highest, last] : [last]);
}
