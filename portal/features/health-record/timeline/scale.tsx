import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { placeOn, type TimeAxis, ticksOf } from '../../../ui/time-axis/time-axis.ts';

const labelGap = 40;

/** Months along the top, and the meridian at today with its open ring. */
export function Scale({ axis, now, height }: { axis: TimeAxis; now: number; height: number }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const today = placeOn(axis, now);
  return (
    <g>
      {ticksOf(axis, locale).map(({ at, label }) => {
        const x = placeOn(axis, at);
        const end = x + 3 + label.length * 7;
        const isCrowded = (end > today - labelGap && x < today + 6) || end > axis.right + 12;
        return (
          <g key={at}>
            <line x1={x} x2={x} y1="18" y2={height} stroke="var(--grid)" />
            {!isCrowded && (
              <text x={x + 3} y="14" className="scale-label">
                {label}
              </text>
            )}
          </g>
        );
      })}
      <line x1={today} x2={today} y1="18" y2={height} stroke="var(--accent-text)" />
      <circle cx={today} cy="18" r="3.5" fill="var(--surface)" stroke="var(--accent-text)" strokeWidth="1.6" />
      <text x={today - 8} y="14" textAnchor="end" className="scale-today">
        {t('picture.today')}
      </text>
    </g>
  );
}
