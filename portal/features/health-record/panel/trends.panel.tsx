import { Button } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { Card } from '../../../ui/card/card.tsx';
import { formatDate } from '../../../ui/date-time/date-time.ts';
import { unitText } from '../../../ui/quantity/quantity.ts';
import { SourceLine } from '../../../ui/reference/source-line.tsx';
import { SeverityShape } from '../../../ui/severity/severity.tsx';
import { Bone, Loading } from '../../../ui/skeleton/skeleton.tsx';
import { useMeasurements } from '../health-record.resource.ts';
import { useMeasurementName } from '../measurement-name.ts';
import { type Band, chartedMeasurements, flagIn, type Measurement } from '../model/measurement.ts';
import { measurementToTrend } from '../model/trend-of.ts';
import type { RecordAddress } from '../record-address.ts';
import { useBandOf } from '../use-band.ts';
import { useSourceOf } from '../use-source.ts';
import { ReadingValue, useBandText } from './reading-value.tsx';
import '../../../ui/list-table/list-table.css';
import './trends.css';

const TrendChart = lazy(() =>
  import('../../../ui/chart/trend-chart.tsx').then((module) => ({ default: module.TrendChart })),
);

const chartHeight = 176;
// Blood pressure over the whole width and three rows of two.
const mostCharts = 7;

/** Trends of what clinicians follow, each with target, now and the same values as a table. */
export function TrendsPanel({ address }: { address: RecordAddress }) {
  const measurements = useMeasurements(address.patientId);
  if (measurements.data === undefined) return measurements.error ? null : <TrendsSkeleton />;
  const charted = chartedMeasurements(measurements.data.content).slice(0, mostCharts);
  if (charted.length === 0) return null;
  return (
    <div className="trends">
      {charted.map((measurement) => (
        <TrendCard key={measurement.code} measurement={measurement} address={address} />
      ))}
    </div>
  );
}

function TrendCard({ measurement, address }: { measurement: Measurement; address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const [isTable, setIsTable] = useState(false);
  const name = useMeasurementName(address.isOwn)(measurement);
  const band = useBandOf(address)(measurement);
  const locale = language.use();
  return (
    <Card
      className={measurement.isPressure ? 'trend trend-wide' : 'trend'}
      title={name}
      meta={
        <>
          {measurement.isPressure && !isTable && <PressureLegend />}
          <span className="figures">
            {unitText(measurement.latest.unit, locale)}
            <span className="trend-date"> · {formatDate(measurement.latest.at, locale)}</span>
          </span>
          <Button
            type="link"
            size="small"
            aria-pressed={isTable}
            aria-label={`${name}: ${t('trend.table')}`}
            onClick={() => setIsTable(!isTable)}
          >
            {t(isTable ? 'trend.chart' : 'trend.table')}
          </Button>
        </>
      }
    >
      {isTable ? (
        <TrendTable measurement={measurement} band={band} address={address} />
      ) : (
        <TrendPicture measurement={measurement} band={band} name={name} />
      )}
    </Card>
  );
}

function PressureLegend() {
  const { t } = useTranslation('health-record');
  return (
    <>
      <span className="trend-legend">
        <svg width="9" height="9" aria-hidden="true">
          <circle cx="4.5" cy="4.5" r="4" fill="var(--chart-1)" />
        </svg>
        {t('trend.within')}
      </span>
      <span className="trend-legend trend-legend-flagged">
        <SeverityShape level="abnormal" size={10} />
        {t('trend.above')}
      </span>
    </>
  );
}

interface TrendViewProps {
  measurement: Measurement;
  band: Band | undefined;
}

function TrendPicture({ measurement, band, name }: TrendViewProps & { name: string }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const bandText = useBandText()(band, measurement.decimals);
  const { readings, latest } = measurement;
  const bandKey = JSON.stringify(band);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a band is made anew at every render, its key is not
  const trend = useMemo(
    () => measurementToTrend(measurement, band, bandText, locale),
    [readings, bandKey, bandText, locale],
  );
  const oldest = readings.at(-1) ?? latest;
  const label = t('trend.label', {
    name,
    count: readings.length,
    from: formatDate(oldest.at, locale),
    to: formatDate(latest.at, locale),
  });
  return (
    <div className="trend-picture">
      <Suspense fallback={<div style={{ height: chartHeight }} />}>
        <TrendChart trend={trend} label={label} height={chartHeight} />
      </Suspense>
    </div>
  );
}

/** The same values in words, for those who do not see the picture and those who want the numbers. */
function TrendTable({ measurement, band, address }: TrendViewProps & { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const sourceOf = useSourceOf(address);
  return (
    <div className="trend-table" style={{ height: chartHeight + 6 }}>
      <table className="list-table">
        <thead>
          <tr>
            <th scope="col">{t('result.value')}</th>
            <th scope="col">{t('result.source')}</th>
          </tr>
        </thead>
        <tbody>
          {measurement.readings.map((reading) => (
            <tr key={reading.id}>
              <td>
                <ReadingValue reading={reading} decimals={measurement.decimals} flag={flagIn(reading, band)} />
              </td>
              <td>
                <SourceLine date={reading.at} source={sourceOf(reading)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TrendsSkeleton() {
  return (
    <Loading>
      <div className="trends">
        {['wide', 'first', 'second'].map((place) => (
          <div key={place} className={place === 'wide' ? 'card trend trend-wide' : 'card trend'}>
            <div className="card-head">
              <Bone width={96} />
            </div>
            <div style={{ height: chartHeight + 6 }} />
          </div>
        ))}
      </div>
    </Loading>
  );
}
