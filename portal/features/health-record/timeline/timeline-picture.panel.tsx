import type { UseQueryResult } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Card } from '../../../ui/card/card.tsx';
import { toTimestamp } from '../../../ui/date-time/date-time.ts';
import type { TimeAxis } from '../../../ui/time-axis/time-axis.ts';
import { useWidth } from '../../../ui/width/use-width.ts';
import { useLongTermMedicines, useMeasurements, useVaccinations, useVisits } from '../health-record.resource.ts';
import type { RecordAddress } from '../record-address.ts';
import { MedicineLane, ResultLane, VaccinationLane, VisitLane } from './lanes.tsx';
import { Scale } from './scale.tsx';
import './timeline-picture.css';

type Range = 'halfYear' | 'twoYears' | 'all';

const ranges: Range[] = ['halfYear', 'twoYears', 'all'];
const dayMs = 86_400_000;
const days: Record<Exclude<Range, 'all'>, number> = { halfYear: 183, twoYears: 731 };

const laneHeight = 44;
const scaleHeight = 24;
const labelWidth = 104;

/** The years of care at one glance: when the person was seen, what was found, what they take. */
export function TimelinePicturePanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const [chosen, setRange] = useState<Range>();
  const [box, width] = useWidth();
  const visits = useVisits(address.patientId).data;
  if (visits === undefined || visits.content.length === 0) return null;
  const now = Date.now();
  const oldest = toTimestamp(visits.content.at(-1)?.start ?? '');
  const newest = toTimestamp(visits.content[0]?.start ?? '');
  const range = chosen ?? (now - newest > days.twoYears * dayMs ? 'all' : 'twoYears');
  const span = range === 'all' ? Math.max(now - oldest, 90 * dayMs) * 1.02 : days[range] * dayMs;
  const axis: TimeAxis = { from: now - span, to: now + span * 0.06, left: labelWidth, right: width - 12 };
  return (
    <Card
      className="timeline-picture"
      title={t('page.timeline')}
      meta={
        <>
          <Segmented
            size="small"
            aria-label={t('picture.range')}
            value={range}
            onChange={setRange}
            options={ranges.map((value) => ({ value, label: t(`picture.${value}`) }))}
          />
          <Link to={`${address.base}/timeline`}>{t('picture.list')}</Link>
        </>
      }
    >
      <div ref={box}>{width > 0 && <Lanes axis={axis} now={now} address={address} />}</div>
    </Card>
  );
}

function Lanes({ axis, now, address }: { axis: TimeAxis; now: number; address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const lanes = useLanes(axis, now, address);
  const visits = useVisits(address.patientId).data?.content ?? [];
  const height = scaleHeight + lanes.length * laneHeight;
  return (
    <svg width={axis.right + 12} height={height} role="img" aria-label={t('picture.label', { count: visits.length })}>
      <Scale axis={axis} now={now} height={height} />
      {lanes.map(({ kind, lane }, index) => (
        <g key={kind} transform={`translate(0 ${scaleHeight + index * laneHeight})`}>
          <line x1="0" x2={axis.right + 12} y1="0" y2="0" stroke="var(--line)" />
          <text x="12" y={laneHeight / 2 + 4} className="lane-label">
            {t(`kind.${kind}`)}
          </text>
          <g transform={`translate(0 ${laneHeight / 2})`}>{lane}</g>
        </g>
      ))}
    </svg>
  );
}

interface Lane {
  kind: 'visits' | 'results' | 'medicines' | 'immunizations';
  lane: ReactNode;
}

/** A lane without entries is left out; one that could not be had says so. */
function useLanes(axis: TimeAxis, now: number, address: RecordAddress): Lane[] {
  const { t } = useTranslation('health-record');
  const visits = useVisits(address.patientId);
  const measurements = useMeasurements(address.patientId);
  const medicines = useLongTermMedicines(address.patientId);
  const vaccinations = useVaccinations(address.patientId);
  const unreachable = (
    <text x={axis.left + 8} y="4" className="lane-note">
      {t('picture.unreachable')}
    </text>
  );
  const laneOf = <T,>(
    kind: Lane['kind'],
    query: UseQueryResult<{ content: T[] }>,
    draw: (content: T[]) => ReactNode,
  ): Lane[] => {
    if (query.data === undefined) return query.error ? [{ kind, lane: unreachable }] : [];
    return query.data.content.length > 0 ? [{ kind, lane: draw(query.data.content) }] : [];
  };
  return [
    ...laneOf('visits', visits, (content) => <VisitLane axis={axis} visits={content} />),
    ...laneOf('results', measurements, (content) => (
      <ResultLane axis={axis} measurements={content} address={address} />
    )),
    ...laneOf('medicines', medicines, (content) => <MedicineLane axis={axis} now={now} medicines={content} />),
    ...laneOf('immunizations', vaccinations, (content) => <VaccinationLane axis={axis} vaccinations={content} />),
  ];
}
