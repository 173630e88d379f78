import { useTranslation } from 'react-i18next';
import { language } from '../../../settings/language.ts';
import { conceptText } from '../../../ui/codeable-concept/codeable-concept.ts';
import { Concept } from '../../../ui/codeable-concept/concept.tsx';
import { formatDayOfYear, formatTimeOf } from '../../../ui/date-time/date-time.ts';
import { ReferenceName } from '../../../ui/reference/reference.tsx';
import type { TimelineItem } from '../model/timeline-item.ts';
import type { Visit } from '../model/visit.ts';
import type { RecordAddress } from '../record-address.ts';
import { EntrySections } from './entry-sections.tsx';

/** One occasion: when, what for, where and by whom, then what was recorded. */
export function TimelineEntry({ item, address }: { item: TimelineItem; address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const { at, visit, entries } = item;
  return (
    <li className="occasion">
      <div className="occasion-date figures">
        <span className="medium whole">{formatDayOfYear(at, locale)}</span>
        <span className="muted small">{visit && formatTimeOf(at)}</span>
      </div>
      <span className={visit ? 'occasion-mark' : 'occasion-mark occasion-mark-loose'} aria-hidden="true" />
      <article className="occasion-body">
        {visit ? <VisitHead visit={visit} /> : <h3 className="occasion-title soft">{t('timeline.outside')}</h3>}
        <EntrySections visit={visit} entries={entries} address={address} />
      </article>
    </li>
  );
}

function VisitHead({ visit }: { visit: Visit }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const kind = t(`visit.${visit.kind}`);
  const [reason] = visit.reasons;
  const title = visit.title ?? reason;
  // "Outpatient, outpatient" tells no more than "Outpatient".
  const isKindSaid = visit.nights === 0 && conceptText(title, locale) === kind;
  return (
    <header className="occasion-head">
      <h3 className="occasion-title">{title ? <Concept concept={title} /> : kind}</h3>
      {title && !isKindSaid && (
        <span className={visit.kind === 'inpatient' ? 'tag tag-accent' : 'tag'}>
          {kind}
          {visit.nights > 0 && <span className="figures"> {t('visit.nights', { count: visit.nights })}</span>}
        </span>
      )}
      <p className="occasion-where">
        <ReferenceName reference={visit.institution} />
        <ReferenceName reference={visit.clinician} />
        {visit.title && reason && (
          <span>
            {t('timeline.reason')} <Concept concept={reason} />
          </span>
        )}
      </p>
    </header>
  );
}
