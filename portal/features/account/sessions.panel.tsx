import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate, formatTime } from '../../ui/date-time/date-time.ts';
import { listText } from '../../ui/list-text/list-text.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type AccountView, useEndSessions } from './account.resource.ts';
import { browserName } from './browser-name.ts';

/** Where one is signed in, each to be ended from here. */
export function SessionsPanel({ sessions }: { sessions: AccountView['sessions'] }) {
  const { t } = useTranslation('account');
  const { t: shell } = useTranslation('shell');
  const locale = language.use();
  const end = useEndSessions();
  const others = sessions.filter(({ isThis }) => !isThis);
  return (
    <Card title={t('sessions.title')} meta={t('sessions.count', { count: sessions.length })}>
      {end.error && <FailureNotice title={t('sessions.failed')} failure={end.error} />}
      <ul className="account-rows">
        {sessions.map(({ id, isThis, agent, address, role, seenAt }) => (
          <li key={id} className="account-row">
            <span className="account-row-words">
              <span className="medium">{browserName(agent) ?? t('sessions.unknown')}</span>
              <span className="muted dense">
                {listText([shell(`role.${role}`), address, isThis ? t('sessions.this') : seenText(seenAt)], locale)}
              </span>
            </span>
            {!isThis && (
              <Button onClick={() => end.mutate(id)} disabled={end.isPending}>
                {t('sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <div className="account-actions">
          <Button onClick={() => end.mutate('others')} loading={end.isPending}>
            {t('sessions.endOthers')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function seenText(at: number): string {
  const instant = new Date(at);
  return `${formatDate(instant.toISOString(), language.get())} ${formatTime(instant)}`;
}
