import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/card/card.tsx';
import { Entry } from '../../../ui/entry/entry.tsx';
import { SourceLine } from '../../../ui/reference/source-line.tsx';
import { ShowAll } from '../../../ui/show-all/show-all.tsx';
import { SkeletonRows } from '../../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../../ui/states/empty.tsx';
import { QueryContent } from '../../../ui/states/query-content.tsx';
import { useMeasurements } from '../health-record.resource.ts';
import { useMeasurementName } from '../measurement-name.ts';
import { flagIn, isBloodGroup, type Measurement } from '../model/measurement.ts';
import type { RecordAddress } from '../record-address.ts';
import { useBandOf } from '../use-band.ts';
import { useSourceOf } from '../use-source.ts';
import { RangeBar, ReadingValue, useBandText } from './reading-value.tsx';

const shownFirst = 8;

/** The last value of everything that was ever measured, each with unit, range, mark, date and source. */
export function MeasurementsPanel({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const measurements = useMeasurements(address.patientId);
  return (
    <Card
      className="summary-results"
      title={t('result.title')}
      meta={measurements.data && !measurements.data.isComplete && t('result.incomplete')}
    >
      <QueryContent
        query={measurements}
        failureTitle={t('failed.measurements')}
        skeleton={<SkeletonRows columns={[3, 1, 1]} rows={8} height={53} />}
      >
        {({ content }) => (
          <Measurements measurements={content.filter((measurement) => !isBloodGroup(measurement))} address={address} />
        )}
      </QueryContent>
    </Card>
  );
}

function Measurements({ measurements, address }: { measurements: readonly Measurement[]; address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  if (measurements.length === 0) return <Nothing>{t('result.none')}</Nothing>;
  return (
    <ShowAll items={measurements} first={shownFirst}>
      {(measurement) => <MeasurementEntry key={measurement.code} measurement={measurement} address={address} />}
    </ShowAll>
  );
}

function MeasurementEntry({ measurement, address }: { measurement: Measurement; address: RecordAddress }) {
  const nameOf = useMeasurementName(address.isOwn);
  const bandText = useBandText();
  const sourceOf = useSourceOf(address);
  const band = useBandOf(address)(measurement);
  const { latest, decimals } = measurement;
  return (
    <Entry
      title={nameOf(measurement)}
      detail={<SourceLine date={latest.at} source={sourceOf(latest)} />}
      side={
        <div className="measurement">
          <div className="measurement-words">
            <ReadingValue reading={latest} decimals={decimals} flag={flagIn(latest, band)} />
            <span className="muted dense whole figures">{bandText(band, decimals)}</span>
          </div>
          <RangeBar reading={latest} band={band} />
        </div>
      }
    />
  );
}
