import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { formatDate } from '../../../ui/date-time/date-time.ts';
import { Icon } from '../../../ui/icon/icon.tsx';
import { ReferenceName } from '../../../ui/reference/reference.tsx';
import { useMeasurementName } from '../measurement-name.ts';
import { flagIn, type Measurement } from '../model/measurement.ts';
import { type EntryKind, entryKinds, kindsOfEntry } from '../model/record-entry.ts';
import { countOf, type Note, type RecordEntries } from '../model/timeline-item.ts';
import type { Visit } from '../model/visit.ts';
import { ReadingValue, useBandText } from '../panel/reading-value.tsx';
import type { RecordAddress } from '../record-address.ts';
import { useBandOf } from '../use-band.ts';

interface EntriesProps {
  /** Date and source are told only where they are not those of the visit. */
  visit: Visit | undefined;
  entries: RecordEntries;
  address: RecordAddress;
}

/** What was recorded on an occasion, kind by kind; kinds without entries leave no trace. */
export function EntrySections({ visit, entries, address }: EntriesProps) {
  const { t } = useTranslation('health-record');
  const kinds = entryKinds.filter((kind) => countOf(entries, kind) > 0);
  if (kinds.length === 0) return <p className="muted dense">{t('timeline.nothing')}</p>;
  return (
    <dl className="sections">
      {kinds.map((kind) => (
        <div key={kind} className={`section section-${kind}`}>
          <dt className="section-label">
            <Icon name={kindsOfEntry[kind].icon} size={14} />
            {t(`kind.${kind}`)}
          </dt>
          <dd>
            <Section kind={kind} visit={visit} entries={entries} address={address} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Section({ kind, visit, entries, address }: EntriesProps & { kind: EntryKind }): ReactNode {
  switch (kind) {
    case 'conditions':
      return entries.conditions.map((problem) => (
        <Line key={problem.id} title={<Concept concept={problem.concept} />}>
          {problem.icd && <span className="figures">{problem.icd}</span>}
        </Line>
      ));
    case 'results':
      return <Results results={entries.results} address={address} />;
    case 'medicines':
      return entries.medicines.map((medicine) => (
        <Line key={medicine.id} title={<Concept concept={medicine.concept} />}>
          <Concept concept={medicine.dose} />
        </Line>
      ));
    case 'immunizations':
      return entries.immunizations.map((dose) => (
        <Line key={dose.id} title={<Concept concept={dose.concept} />}>
          <DoseFacts number={dose.number} lot={dose.lot} />
          <ReferenceName reference={dose.source} />
        </Line>
      ));
    default:
      return entries[kind].map((note) => <NoteLine key={note.id} note={note} visit={visit} />);
  }
}

function Line({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="line">
      <span className="line-title">{title}</span>
      <span className="line-rest">{children}</span>
    </div>
  );
}

function NoteLine({ note, visit }: { note: Note; visit: Visit | undefined }) {
  const locale = language.use();
  const { at, source } = note;
  const isSameDay = at?.slice(0, 10) === visit?.start.slice(0, 10);
  const isSameSource = [visit?.institution, visit?.clinician].some((known) => known?.reference === source?.reference);
  return (
    <Line title={<Concept concept={note.concept} />}>
      {note.text && <span className="soft">{note.text}</span>}
      {at && !isSameDay && <span className="whole figures">{formatDate(at, locale)}</span>}
      {!isSameSource && <ReferenceName reference={source} />}
    </Line>
  );
}

function DoseFacts({ number, lot }: { number: string | undefined; lot: string | undefined }) {
  const { t } = useTranslation('health-record');
  return (
    <>
      {number && <span className="figures">{t('vaccination.number', { number })}</span>}
      {lot && <span className="figures">{t('vaccination.lot', { lot })}</span>}
    </>
  );
}

const shownFirst = 8;

function Results({ results, address }: { results: readonly Measurement[]; address: RecordAddress }) {
  const { t } = useTranslation('ui');
  const [isOpen, setIsOpen] = useState(false);
  const isLong = results.length > shownFirst + 1;
  const shown = isOpen || !isLong ? results : results.slice(0, shownFirst);
  return (
    <>
      <div className="results">
        {shown.map((measurement) => (
          <Result key={measurement.code} measurement={measurement} address={address} />
        ))}
      </div>
      {isLong && (
        <Button
          type="link"
          size="small"
          className="results-all"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? t('showFewer') : t('showAll', { count: results.length })}
        </Button>
      )}
    </>
  );
}

function Result({ measurement, address }: { measurement: Measurement; address: RecordAddress }) {
  const nameOf = useMeasurementName(address.isOwn);
  const bandText = useBandText();
  const band = useBandOf(address)(measurement);
  return (
    <div className="result">
      <span className="result-name">{nameOf(measurement)}</span>
      <span className="result-values">
        {measurement.readings.map((reading) => (
          <ReadingValue
            key={reading.id}
            reading={reading}
            decimals={measurement.decimals}
            flag={flagIn(reading, band)}
          />
        ))}
      </span>
      <span className="result-range muted figures">{bandText(band, measurement.decimals)}</span>
    </div>
  );
}
