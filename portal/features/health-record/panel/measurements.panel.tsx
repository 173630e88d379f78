import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/card/card.tsx';
import { SourceLine } from '../../../ui/reference/source-line.tsx';
import { SkeletonRows } from '../../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../../ui/states/empty.tsx';
import { QueryContent } from '../../../ui/states/query-content.tsx';
import { useMeasurements } from '../health-record.resource.ts';
import { useMeasurementName } from '../measurement-name.ts';
import { flagIn, type Measurement } from '../model/measurement.ts';
import type { RecordAddress } from '../record-address.ts';
import { useBandOf } from '../use-band.ts';
import { RangeBar, ReadingValue, useBandText } from './reading-value.tsx';

const shownFirst = 10;

/** The last value of everything that was ever measured, each with unit, range, mark, date and source. */
export function MeasurementsPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const measurements = useMeasurements(address.patientId);
  return (
    <Card title={t('result.title')} meta={measurements.data && !measurements.data.isComplete && t('result.incomplete')}>
      <QueryContent
        query={measurements}
        failureTitle={t('failed.measurements')}
        skeleton={<SkeletonRows columns={[3, 2, 2, 1, 3]} rows={8} height={33} />}
      >
        {({ content }) =>
          content.length === 0 ? (
            <Nothing>{t('result.none')}</Nothing>
          ) : (
            <MeasurementTable measurements={content} address={address} />
          )
        }
      </QueryContent>
    </Card>
  );
}

function MeasurementTable({ measurements, address }: { measurements: readonly Measurement[]; address: RecordAddress }) {
  const { t } = useTranslation(['health-record', 'ui']);
  const [isOpen, setIsOpen] = useState(false);
  const isLong = measurements.length > shownFirst + 2;
  const shown = isOpen || !isLong ? measurements : measurements.slice(0, shownFirst);
  return (
    <>
      <table className="list-table measurements">
        <thead>
          <tr>
            <th scope="col">{t('result.what')}</th>
            <th scope="col" className="measurement-value">
              {t('result.value')}
            </th>
            <th scope="col">{t('result.range')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('result.place')}</span>
            </th>
            <th scope="col">{t('result.source')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((measurement) => (
            <MeasurementRow key={measurement.code} measurement={measurement} address={address} />
          ))}
        </tbody>
      </table>
      {isLong && (
        <div className="show-all">
          <Button type="link" size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? t('ui:showFewer') : t('ui:showAll', { count: measurements.length })}
          </Button>
        </div>
      )}
    </>
  );
}

function MeasurementRow({ measurement, address }: { measurement: Measurement; address: RecordAddress }) {
  const nameOf = useMeasurementName(address.isOwn);
  const band = useBandOf(address)(measurement);
  const bandText = useBandText();
  const { latest, decimals } = measurement;
  return (
    <tr>
      <th scope="row" className="measurement-name medium">
        {nameOf(measurement)}
      </th>
      <td className="measurement-value">
        <ReadingValue reading={latest} decimals={decimals} flag={flagIn(latest, band)} />
      </td>
      <td className="measurement-range muted figures">{bandText(band, decimals)}</td>
      <td className="measurement-bar">
        <RangeBar reading={latest} band={band} />
      </td>
      <td className="measurement-source">
        <SourceLine date={latest.at} source={latest.source} />
      </td>
    </tr>
  );
}
