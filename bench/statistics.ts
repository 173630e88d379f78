/** The value below which a share of them lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** 0 of none. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

/** To so many significant digits: what a measurement on a shared machine is worth. */
export const round = (value: number, digits = 4): number => Number(value.toPrecision(digits));

export interface Latencies {
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export const latencies = (valuesMs: readonly number[]): Latencies => ({
  p50Ms: round(quantile(valuesMs, 0.5)),
  p95Ms: round(quantile(valuesMs, 0.95)),
  p99Ms: round(quantile(valuesMs, 0.99)),
});
