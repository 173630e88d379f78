import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { conceptText } from '../../../ui/codeable-concept/codeable-concept.ts';
import { formatDate, toTimestamp } from '../../../ui/date-time/date-time.ts';
import { placeOn, type TimeAxis } from '../../../ui/time-axis/time-axis.ts';
import { useMeasurementName } from '../measurement-name.ts';
import { flagIn, type Measurement } from '../model/measurement.ts';
import type { Medicine } from '../model/medicine.ts';
import { numberText } from '../model/number-text.ts';
import type { Vaccination } from '../model/vaccination.ts';
import type { Visit } from '../model/visit.ts';
import type { RecordAddress } from '../record-address.ts';
import { useBandOf } from '../use-band.ts';

const isOn = ({ from, to }: TimeAxis, at: number) => at >= from && at <= to;

/** Visits as discs, stays as bars as long as they lasted. */
export function VisitLane({ axis, visits }: { axis: TimeAxis; visits: readonly Visit[] }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  return visits
    .filter(({ start }) => isOn(axis, toTimestamp(start)))
    .map((visit) => {
      const x = placeOn(axis, toTimestamp(visit.start));
      const title = `${formatDate(visit.start, locale)} ${t(`visit.${visit.kind}`)}`;
      if (visit.nights === 0) return <Disc key={visit.id} x={x} title={title} isStrong />;
      const width = Math.max(10, placeOn(axis, toTimestamp(visit.end ?? visit.start)) - x);
      return (
        <rect key={visit.id} x={x} y="-6" width={width} height="12" rx="2" fill="var(--accent-text)">
          <title>{title}</title>
        </rect>
      );
    });
}

/** Days with results in grey; values outside their band as triangles, the last of them with its number. */
export function ResultLane({
  axis,
  measurements,
  address,
}: {
  axis: TimeAxis;
  measurements: readonly Measurement[];
  address: RecordAddress;
}) {
  const nameOf = useMeasurementName(address.isOwn);
  const bandOf = useBandOf(address);
  const readings = measurements.flatMap((measurement) =>
    measurement.readings.map((reading) => ({
      measurement,
      reading,
      at: toTimestamp(reading.at),
      flag: flagIn(reading, bandOf(measurement)),
    })),
  );
  const visible = readings.filter(({ at }) => isOn(axis, at)).sort((a, b) => a.at - b.at);
  const flagged = visible.filter(({ flag }) => flag !== undefined);
  const byDay = new Map(visible.map((entry) => [Math.round(placeOn(axis, entry.at)), entry]));
  const flaggedByDay = new Map(flagged.map((entry) => [Math.round(placeOn(axis, entry.at)), entry]));
  const last = flagged.at(-1);
  return (
    <>
      {[...byDay]
        .filter(([x]) => !flaggedByDay.has(x))
        .map(([x, { reading }]) => (
          <Disc key={reading.id} x={x} title="" />
        ))}
      {[...flaggedByDay].map(([x, { measurement, reading, flag }]) => (
        <path key={reading.id} d={`M${x} -5.5l5.5 9.5h-11z`} fill="var(--critical)" stroke="var(--surface)">
          <title>{`${nameOf(measurement)} ${numberText(reading, measurement.decimals)} ${flag}`}</title>
        </path>
      ))}
      {last && (
        <text x={placeOn(axis, last.at) - 10} y="4" textAnchor="end" className="lane-flag">
          {`${nameOf(last.measurement)} ${numberText(last.reading, last.measurement.decimals)} ${last.flag}`}
        </text>
      )}
    </>
  );
}

const mostBars = 4;

/** One bar a medicine, from its first prescription to now. */
export function MedicineLane({
  axis,
  now,
  medicines,
}: {
  axis: TimeAxis;
  now: number;
  medicines: readonly Medicine[];
}) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const shown = medicines.slice(0, mostBars);
  const end = placeOn(axis, now);
  return (
    <>
      {shown.map(({ id, concept, since }, index) => {
        const start = Math.max(axis.left, placeOn(axis, since ? toTimestamp(since) : now));
        const y = (index - (shown.length - 1) / 2) * 8 - 3;
        return (
          <rect key={id} x={start} y={y} width={Math.max(2, end - start)} height="6" rx="1" fill="var(--accent-line)">
            <title>{conceptText(concept, locale)}</title>
          </rect>
        );
      })}
      <text x={end + 8} y="4" className="lane-note">
        {medicines.length > mostBars ? t('picture.more', { count: medicines.length }) : ''}
      </text>
    </>
  );
}

export function VaccinationLane({ axis, vaccinations }: { axis: TimeAxis; vaccinations: readonly Vaccination[] }) {
  const locale = language.use();
  return vaccinations
    .flatMap(({ doses }) => doses)
    .filter(({ given }) => given !== undefined && isOn(axis, toTimestamp(given)))
    .map(({ id, concept, given = '' }) => (
      <Disc
        key={id}
        x={placeOn(axis, toTimestamp(given))}
        title={`${formatDate(given, locale)} ${conceptText(concept, locale)}`}
      />
    ));
}

function Disc({ x, title, isStrong = false }: { x: number; title: string; isStrong?: boolean }) {
  return (
    <circle
      cx={x}
      cy="0"
      r="4.5"
      fill={isStrong ? 'var(--accent-text)' : 'var(--ink-3)'}
      stroke="var(--surface)"
      strokeWidth="1.5"
    >
      {title && <title>{title}</title>}
    </circle>
  );
}
