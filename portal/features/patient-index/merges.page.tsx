import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { language } from '../../settings/language.ts';
import { formatDate, formatTimeOf } from '../../ui/date-time/date-time.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { useMerges } from './duplicates.resource.ts';
import { DuplicatesNav } from './duplicates-nav.tsx';
import { PatientName } from './patient-name.tsx';
import '../../ui/card/card.css';
import '../../ui/list-table/list-table.css';
import './duplicates.css';

/** Who was merged into whom, the latest first. */
export function MergesPage() {
  const { t } = useTranslation('patient-index');
  usePageTitle(t('merges.title'));
  const merges = useMerges();
  return (
    <div className="duplicates-page">
      <DuplicatesNav />
      <section className="card duplicates-list" aria-busy={merges.isFetching}>
        {merges.data === undefined ? (
          merges.error ? (
            <FailureNotice title={t('merges.failed')} failure={merges.error} onRetry={() => void merges.refetch()} />
          ) : (
            <SkeletonRows columns={[2, 3, 2, 2]} rows={8} height={52} />
          )
        ) : merges.data.length === 0 ? (
          <Empty title={t('merges.none')} text={t('merges.noneText')} />
        ) : (
          <Merges merges={merges.data} />
        )}
        <MoreBelow
          query={merges}
          label={t('duplicates.more')}
          busyLabel={t('duplicates.loadingMore')}
          failureTitle={t('merges.failed')}
        />
      </section>
    </div>
  );
}

function Merges({ merges }: { merges: NonNullable<ReturnType<typeof useMerges>['data']> }) {
  const { t } = useTranslation('patient-index');
  const locale = language.use();
  return (
    <table className="list-table">
      <thead>
        <tr>
          <th scope="col">{t('merges.who')}</th>
          <th scope="col">{t('merges.when')}</th>
          <th scope="col">{t('merges.why')}</th>
          <th scope="col">{t('merges.moved')}</th>
          <th scope="col">{t('merges.state')}</th>
        </tr>
      </thead>
      <tbody>
        {merges.map((merge) => (
          <tr key={merge.merge}>
            <th scope="row">
              <Link to={`/duplicates/merges/${merge.merge}`}>
                <PatientName id={merge.source} /> → <PatientName id={merge.target} />
              </Link>
            </th>
            <td className="figures">
              {formatDate(merge.merged.at, locale)} {formatTimeOf(merge.merged.at)}
              <br />
              <span className="muted small">{merge.merged.byName}</span>
            </td>
            <td>{merge.merged.reason}</td>
            <td className="figures">{t('merges.resources', { count: merge.items })}</td>
            <td>
              {merge.unmerged
                ? t('merges.undoneBy', { name: merge.unmerged.byName, date: formatDate(merge.unmerged.at, locale) })
                : t('merges.stands')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
