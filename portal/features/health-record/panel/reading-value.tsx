import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { rangeText, unitText, valueText } from '../../../ui/quantity/quantity.ts';
import { type Band, flagIn } from '../model/measurement.ts';
import { numberText } from '../model/number-text.ts';
import './reading-value.css';
import type { Flag, Reading } from '../model/reading.ts';

interface ReadingValueProps {
  reading: Reading;
  decimals: number | undefined;
  flag: Flag | undefined;
}

/** "152/86 H mmHg": the number, its mark, its unit. The mark also has a name for those who hear the page. */
export function ReadingValue({ reading, decimals, flag }: ReadingValueProps) {
  const { t } = useTranslation('health-record');
  const unit = unitText(reading.unit, language.use());
  if (reading.finding) return <Concept concept={reading.finding} />;
  if (reading.value === undefined) return <span>{reading.text}</span>;
  return (
    <span className="reading figures">
      <span className={flag ? 'reading-number reading-flagged' : 'reading-number'}>
        {reading.comparator}
        {numberText(reading, decimals)}
        {flag && (
          <abbr className="reading-flag" title={t(`flag.${flag}`)}>
            {flag}
          </abbr>
        )}
      </span>
      {unit && <span className="reading-unit"> {unit}</span>}
    </span>
  );
}

/** "goal < 140/90", "3.9 to 6.1". */
export function useBandText(): (band: Band | undefined, decimals: number | undefined) => string {
  const { t } = useTranslation(['health-record', 'ui']);
  return (band, decimals) => {
    if (band === undefined) return '';
    if (band.diastolicHigh !== undefined) return t('result.goal', { value: `${band.high}/${band.diastolicHigh}` });
    if (band.kind === 'goal') return t('result.goal', { value: valueText(band.high ?? 0, decimals) });
    const [low, high] = [band.low, band.high].map((value) => (value === undefined ? undefined : { value }));
    return rangeText({ low, high }, t('ui:to'), decimals);
  };
}

const width = 48;

/** Where the value lies against its band, for the eye; the words beside it say the same. */
export function RangeBar({ reading, band }: { reading: Reading; band: Band | undefined }) {
  const { low = 0, high = low * 2 } = band ?? {};
  if (band === undefined || reading.value === undefined || high <= low)
    return <svg width={width} height="10" aria-hidden="true" />;
  const [from, to] =
    band.low === undefined ? [high * 0.6, high * 1.4] : [low - (high - low) / 2, high + (high - low) / 2];
  const place = (value: number) => Math.min(width - 4, Math.max(4, ((value - from) / (to - from)) * width));
  const start = band.low === undefined ? 4 : place(low);
  const end = band.high === undefined ? width - 4 : place(high);
  return (
    <svg width={width} height="10" viewBox={`0 0 ${width} 10`} aria-hidden="true">
      <rect x="0" y="3" width={width} height="4" rx="2" fill="var(--fill)" />
      <rect x={start} y="3" width={end - start} height="4" fill="var(--accent-line)" />
      <circle
        cx={place(reading.value)}
        cy="5"
        r="4"
        fill={flagIn(reading, band) ? 'var(--critical)' : 'var(--chart-1)'}
        stroke="var(--surface)"
        strokeWidth="1"
      />
    </svg>
  );
}
