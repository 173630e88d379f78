import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { language } from '../../../settings/language.ts';
import { Card } from '../../../ui/card/card.tsx';
import { formatDate, formatTime } from '../../../ui/date-time/date-time.ts';
import { Entry } from '../../../ui/entry/entry.tsx';
import { ShowAll } from '../../../ui/show-all/show-all.tsx';
import { FailureNotice } from '../../../ui/states/failure.tsx';
import { useNotices } from '../health-record.resource.ts';

const shownFirst = 2;

/** What the platform has lately told the resident: who asks for consent, who opened the record in an emergency. */
export function NoticesPanel({ patientId }: { patientId: string }) {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  const notices = useNotices(patientId, locale);
  if (notices.error)
    return <FailureNotice title={t('failed.notices')} failure={notices.error} onRetry={() => void notices.refetch()} />;
  const content = notices.data ?? [];
  if (content.length === 0) return null;
  return (
    <Card className="summary-notices" title={t('notice.title')} meta={content.length}>
      <ShowAll items={content} first={shownFirst}>
        {({ id, text, sent, page }) => (
          <Entry
            key={id}
            title={text}
            detail={
              <>
                <span className="figures">
                  {formatDate(sent, locale)} {formatTime(new Date(sent))}
                </span>{' '}
                <Link to={page}>{t(page === '/consents' ? 'notice.consents' : 'notice.accesses')}</Link>
              </>
            }
          />
        )}
      </ShowAll>
    </Card>
  );
}
