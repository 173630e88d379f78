import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { language } from '../../settings/language.ts';
import { formatDayOfYear, localDate, toCalendarDate } from '../../ui/date-time/date-time.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { useEntryCounts } from './health-record.resource.ts';
import { type EntryKind, entryKinds, isEntryKind } from './model/record-entry.ts';
import type { TimelineItem } from './model/timeline-item.ts';
import { type RecordAddress, useRecordAddress } from './record-address.ts';
import { TimelineEntry } from './timeline/timeline-entry.panel.tsx';
import { useTimeline } from './timeline.resource.ts';
import '../../ui/card/card.css';
import './timeline/timeline.css';

/** Every visit with everything recorded at it, newest first; the address keeps the kind to which it is narrowed. */
export function TimelinePage() {
  const { t } = useTranslation('health-record');
  const address = useRecordAddress();
  const [search] = useSearchParams();
  const chosen = search.get('kind');
  const kind = isEntryKind(chosen) ? chosen : undefined;
  const { pages, items, loose } = useTimeline(address.patientId, kind);
  return (
    <div className="timeline">
      <KindFilter address={address} kind={kind} />
      <section className="card timeline-card" aria-busy={pages.isFetching}>
        {loose.error && (
          <FailureNotice title={t('failed.loose')} failure={loose.error} onRetry={() => void loose.refetch()} />
        )}
        {items === undefined ? (
          pages.error ? (
            <FailureNotice title={t('failed.timeline')} failure={pages.error} onRetry={() => void pages.refetch()} />
          ) : (
            <SkeletonRows columns={[1, 5]} rows={6} height={112} />
          )
        ) : (
          <Years items={items} kind={kind} address={address} />
        )}
        <MoreBelow
          query={pages}
          label={t('timeline.more')}
          busyLabel={t('timeline.loadingMore')}
          failureTitle={t('failed.timelineMore')}
        />
      </section>
    </div>
  );
}

function KindFilter({ address, kind }: { address: RecordAddress; kind: EntryKind | undefined }) {
  const { t } = useTranslation('health-record');
  const counts = useEntryCounts(address.patientId).data;
  const kinds = entryKinds.filter((candidate) => candidate === kind || counts?.[candidate] !== 0);
  const base = `${address.base}/timeline`;
  const nav = useRef<HTMLElement>(null);
  // On a phone the chips run out of sight; the chosen one is brought back.
  useEffect(() => {
    nav.current
      ?.querySelector(`[data-kind="${kind ?? 'all'}"]`)
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [kind]);
  return (
    <nav ref={nav} className="kinds" aria-label={t('timeline.filter')}>
      <Link
        to={base}
        replace
        className="kind-chip"
        data-kind="all"
        aria-current={kind === undefined ? 'true' : undefined}
      >
        {t('timeline.all')} <span className="figures">{counts?.visits}</span>
      </Link>
      {kinds.map((candidate) => (
        <Link
          key={candidate}
          to={`${base}?kind=${candidate}`}
          replace
          className="kind-chip"
          data-kind={candidate}
          aria-current={kind === candidate ? 'true' : undefined}
        >
          {t(`kind.${candidate}`)} <span className="figures">{counts?.[candidate]}</span>
        </Link>
      ))}
    </nav>
  );
}

function Years({
  items,
  kind,
  address,
}: {
  items: readonly TimelineItem[];
  kind: EntryKind | undefined;
  address: RecordAddress;
}) {
  const { t } = useTranslation('health-record');
  if (items.length === 0) {
    return kind === undefined ? (
      <Empty title={t('timeline.empty.title')} text={t('timeline.empty.text')} />
    ) : (
      <Empty title={t('timeline.none.title')} text={t('timeline.none.text')}>
        <Link to={`${address.base}/timeline`}>{t('timeline.none.clear')}</Link>
      </Empty>
    );
  }
  const today = new Date();
  const years = Map.groupBy(items, ({ at }) => toCalendarDate(at).year);
  return [...years].map(([year, members]) => (
    <section key={year} className="year">
      <h2 className="year-heading figures">{t('timeline.year', { year })}</h2>
      <ol className="year-items">
        {year === today.getFullYear() && <Today date={today} />}
        {members.map((item) => (
          <TimelineEntry key={item.key} item={item} address={address} />
        ))}
      </ol>
    </section>
  ));
}

/** The meridian's open ring, at the head of the line. */
function Today({ date }: { date: Date }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  return (
    <li className="occasion occasion-today">
      <span className="occasion-date figures">{formatDayOfYear(localDate(date), locale)}</span>
      <span className="occasion-mark" aria-hidden="true" />
      <span className="occasion-body">{t('picture.today')}</span>
    </li>
  );
}
