import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { listText } from '../../ui/list-text/list-text.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type Granted, useGranted, useTakeBack } from './applications.resource.ts';
import './applications.css';

/** Which applications one has let in, each to be shut out from here. */
export function GrantedPanel() {
  const { t } = useTranslation('applications');
  const granted = useGranted();
  return (
    <Card title={t('granted.title')}>
      <QueryContent
        query={granted}
        failureTitle={t('granted.failed')}
        skeleton={<SkeletonRows columns={[2, 1]} rows={2} height={48} />}
      >
        {({ authorizations, hasMore }) => (
          <>
            <GrantedRows granted={authorizations} />
            {hasMore && <Nothing>{t('granted.more')}</Nothing>}
          </>
        )}
      </QueryContent>
    </Card>
  );
}

function GrantedRows({ granted }: { granted: readonly Granted[] }) {
  const { t } = useTranslation('applications');
  const locale = language.use();
  const takeBack = useTakeBack();
  if (granted.length === 0) return <Nothing>{t('granted.none')}</Nothing>;
  return (
    <>
      {takeBack.error && <FailureNotice title={t('granted.notTakenBack')} failure={takeBack.error} />}
      <ul className="application-rows">
        {granted.map(({ id, name, grantedAt, expiresAt, isOffline }) => (
          <li key={id} className="application-row">
            <span className="application-row-words">
              <span className="medium">{name}</span>
              <span className="muted dense">
                {listText(
                  [
                    t('granted.since', { date: formatDate(grantedAt, locale) }),
                    isOffline ? t('granted.until', { date: formatDate(expiresAt, locale) }) : t('granted.session'),
                  ],
                  locale,
                )}
              </span>
            </span>
            <Button onClick={() => takeBack.mutate(id)} disabled={takeBack.isPending}>
              {t('granted.takeBack')}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
