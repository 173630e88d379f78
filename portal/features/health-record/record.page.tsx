import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, Outlet } from 'react-router';
import { RequestFailure } from '../../http/request-failure.ts';
import { homeOf, useSession } from '../../session/session.resource.ts';
import { loadWords } from '../../settings/language.ts';
import { mainName } from '../../ui/human-name/human-name.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { PersonBannerSkeleton } from '../../ui/person-banner/person-banner.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { useStanding } from '../access/access.resource.ts';
import { usePatient } from './health-record.resource.ts';
import { RecordBanner } from './panel/banner.panel.tsx';
import { RecordRail, RecordTabs } from './panel/record-navigation.panel.tsx';
import { type RecordAddress, useRecordAddress } from './record-address.ts';
import './health-record.css';

const EmergencyNotice = lazy(async () => {
  const [panel] = await Promise.all([import('../access/emergency-notice.panel.tsx'), loadWords('access')]);
  return { default: panel.EmergencyNotice };
});

const LaunchPanel = lazy(async () => {
  const [panel] = await Promise.all([import('../applications/launch.panel.tsx'), loadWords('applications')]);
  return { default: panel.LaunchPanel };
});

/** What all pages of one person's record share: who it is, and the way between the pages. */
export function RecordPage() {
  const address = useRecordAddress();
  const person = useSession().data?.person;
  if (address.patientId !== '') return <OpenRecord address={address} />;
  // Staff have no record of their own here; while somebody signs out, nobody has.
  return person ? <Navigate to={homeOf(person)} replace /> : null;
}

function OpenRecord({ address }: { address: RecordAddress }) {
  const { t } = useTranslation('health-record');
  const patient = usePatient(address.patientId);
  usePageTitle(patient.data && mainName(patient.data.person.name));
  // What is closed must not look as if nothing had been recorded.
  const isClosed = useStanding(address.patientId, !address.isOwn).data?.isOpen === false;
  const notice = !address.isOwn && (
    <Suspense>
      <EmergencyNotice patient={address.patientId} />
    </Suspense>
  );
  if (patient.error) {
    return isGone(patient.error) ? (
      <Empty title={t('gone.title')} text={t('gone.text')}>
        <Link to="/">{t('gone.back')}</Link>
      </Empty>
    ) : (
      <>
        <FailureNotice
          title={t('failed.record')}
          failure={patient.error}
          onRetry={() => void patient.refetch()}
          isPage
        />
        {notice}
      </>
    );
  }
  return (
    <div className="record">
      {patient.data ? (
        <RecordBanner person={patient.data.person} address={address} isClosed={isClosed} />
      ) : (
        <PersonBannerSkeleton />
      )}
      {notice}
      {!isClosed && (
        <>
          <Suspense>
            <LaunchPanel patient={address.patientId} />
          </Suspense>
          <div className="record-below">
            <RecordRail address={address} />
            <div className="record-centre">
              <RecordTabs address={address} />
              <Outlet />
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function isGone(failure: Error): boolean {
  return failure instanceof RequestFailure && (failure.status === 404 || failure.status === 410);
}
