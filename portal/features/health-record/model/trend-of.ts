import type { Language } from '../../../settings/language.ts';
import type { Trend } from '../../../ui/chart/trend.ts';
import { formatDate, toTimestamp } from '../../../ui/date-time/date-time.ts';
import { unitText } from '../../../ui/quantity/quantity.ts';
import { type Band, flagIn, type Measurement } from './measurement.ts';
import { numberText } from './number-text.ts';
import type { Reading } from './reading.ts';

const shortestMs = 365 * 86_400_000;

/** What the chart draws of a measurement: its numbers from the oldest to now, over at least a year. */
export function measurementToTrend(
  measurement: Measurement,
  band: Band | undefined,
  bandText: string,
  language: Language,
): Trend {
  const { readings, decimals } = measurement;
  const now = Date.now();
  const points = readings.toReversed().flatMap((reading) => {
    if (reading.value === undefined) return [];
    const flag = flagIn(reading, band);
    const label = [numberText(reading, decimals), flag].filter(Boolean).join(' ');
    return {
      at: toTimestamp(reading.at),
      value: reading.value,
      low: reading.diastolic,
      isFlagged: flag !== undefined,
      label,
      description: describe(reading, label, language),
    };
  });
  const first = points[0]?.at ?? now;
  const span = Math.max(now - first, shortestMs);
  return {
    points,
    band: band && { low: band.low, high: band.high, inner: band.diastolicHigh, label: bandText },
    from: now - span * 1.04,
    now,
  };
}

function describe({ at, unit, source }: Reading, label: string, language: Language): string {
  return [`${label} ${unitText(unit, language)}`, formatDate(at, language), source?.display].filter(Boolean).join('\n');
}
