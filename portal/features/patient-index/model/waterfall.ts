export interface Thresholds {
  readonly review: number;
  readonly link: number;
}

export interface WaterfallBar {
  /** Sums of weights before and after, in bits. */
  readonly from: number;
  readonly to: number;
}

export interface Waterfall {
  readonly bars: readonly WaterfallBar[];
  readonly end: number;
  /** Where a sum stands, in percent of the width. */
  place(sum: number): number;
}

/** The weights of a pair laid end to end: each bar starts where the last one ended. */
export function waterfallOf(fields: readonly { readonly weight: number }[], { review, link }: Thresholds): Waterfall {
  const bars: WaterfallBar[] = [];
  let sum = 0;
  for (const { weight } of fields) {
    bars.push({ from: sum, to: sum + weight });
    sum += weight;
  }
  const all = [0, review, link, ...bars.map(({ to }) => to)];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const margin = (high - low) * 0.03;
  const span = high - low + 2 * margin || 1;
  return { bars, end: sum, place: (value) => ((value - low + margin) / span) * 100 };
}
