import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatTime } from '../../ui/date-time/date-time.ts';
import { Icon } from '../../ui/icon/icon.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type EmergencyView, useRelease, useStanding } from './access.resource.ts';
import { OpenInEmergencyDialog } from './open-in-emergency.dialog.tsx';
import './access.css';

/** Above a record: that it is closed to whoever looks, with the way in for an emergency; or that it is open for one. */
export function EmergencyNotice({ patient }: { patient: string }) {
  const { t } = useTranslation('access');
  const standing = useStanding(patient, true);
  const [isAsking, setIsAsking] = useState(false);
  if (standing.data === undefined) return null;
  const { isOpen, mayBreakGlass, emergency } = standing.data;
  if (emergency) return <OpenedRecord emergency={emergency} />;
  if (isOpen) return null;
  return (
    <section className="emergency-notice" aria-label={t('notice.title')}>
      <Icon name="lock" />
      <div className="emergency-words">
        <p className="emergency-title">{t('notice.title')}</p>
        <p>{mayBreakGlass ? t('notice.text') : t('notice.role')}</p>
      </div>
      {mayBreakGlass && (
        <>
          <Link className="emergency-ask" to={`/people/${patient}/consent`}>
            {t('notice.ask')}
          </Link>
          <Button onClick={() => setIsAsking(true)}>{t('notice.open')}</Button>
        </>
      )}
      {isAsking && <OpenInEmergencyDialog patient={patient} onDone={() => setIsAsking(false)} />}
    </section>
  );
}

function OpenedRecord({ emergency }: { emergency: EmergencyView }) {
  const { t } = useTranslation('access');
  const release = useRelease();
  return (
    <section className="emergency-notice emergency-notice-open" aria-label={t('opened.title')}>
      <Icon name="alert" />
      <div className="emergency-words">
        <p className="emergency-title">{t('opened.until', { time: formatTime(new Date(emergency.ends)) })}</p>
        <p>{t('opened.text')}</p>
      </div>
      <Button onClick={() => release.mutate(emergency.id)} loading={release.isPending}>
        {t('opened.close')}
      </Button>
      {release.error && <FailureNotice title={t('opened.failed')} failure={release.error} />}
    </section>
  );
}
