import { elementAt } from '../random.ts';
import type { Sex } from '../residents/names.ts';

interface GrowthRow {
  months: number;
  weight: Readonly<Record<Sex, number>>;
  height: Readonly<Record<Sex, number>>;
  head?: Readonly<Record<Sex, number>>;
}

function row(months: number, weight: [number, number], height: [number, number], head?: [number, number]): GrowthRow {
  const pair = ([female, male]: [number, number]) => ({ female, male });
  return { months, weight: pair(weight), height: pair(height), ...(head && { head: pair(head) }) };
}

/** Medians, girls then boys, in kg and cm: WHO Child Growth Standards 2006 to 5 years, WHO Reference 2007 after. */
const medians: readonly GrowthRow[] = [
  row(0, [3.2, 3.3], [49.1, 49.9], [33.9, 34.5]),
  row(1, [4.2, 4.5], [53.7, 54.7], [36.5, 37.3]),
  row(3, [5.8, 6.4], [59.8, 61.4], [39.5, 40.5]),
  row(6, [7.3, 7.9], [65.7, 67.6], [42.2, 43.3]),
  row(8, [7.9, 8.6], [68.7, 70.6], [43.4, 44.5]),
  row(12, [8.9, 9.6], [74.0, 75.7], [44.9, 46.1]),
  row(18, [10.2, 10.9], [80.7, 82.3], [46.2, 47.4]),
  row(24, [11.5, 12.2], [85.7, 87.1], [47.2, 48.3]),
  row(30, [12.7, 13.3], [90.7, 91.9], [47.9, 48.9]),
  row(36, [13.9, 14.3], [95.1, 96.1], [48.5, 49.5]),
  row(48, [16.1, 16.3], [102.7, 103.3]),
  row(60, [18.2, 18.3], [109.4, 110.0]),
  row(72, [20.2, 20.5], [115.1, 116.0]),
  row(96, [25.0, 25.4], [126.6, 127.3]),
  row(120, [31.9, 31.2], [138.6, 137.8]),
  row(144, [41.5, 39.9], [151.2, 149.1]),
  row(168, [49.5, 50.7], [159.8, 163.2]),
  row(192, [53.8, 60.4], [162.5, 172.9]),
  row(216, [55.5, 65.0], [163.1, 176.1]),
];

export interface Growth {
  weight: number;
  height: number;
  head?: number;
}

/** The size of a child of so many months whose growth runs `z` deviations from the median. */
export function growthAt(months: number, sex: Sex, z: number): Growth {
  let index = medians.findIndex((each) => each.months >= months);
  if (index < 0) index = medians.length - 1;
  const after = elementAt(medians, index);
  const before = elementAt(medians, Math.max(0, index - 1));
  const span = after.months - before.months;
  const part = span === 0 ? 1 : (months - before.months) / span;
  const between = (low: number, high: number) => low + (high - low) * part;
  const weightSpread = months <= 60 ? 0.115 : 0.15;
  const head =
    before.head !== undefined && after.head !== undefined ? between(before.head[sex], after.head[sex]) : undefined;
  return {
    weight: between(before.weight[sex], after.weight[sex]) * (1 + z * weightSpread),
    height: between(before.height[sex], after.height[sex]) * (1 + z * 0.038),
    ...(head !== undefined && { head: head + z * 1.2 }),
  };
}
