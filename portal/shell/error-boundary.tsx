import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { Empty } from '../ui/states/empty.tsx';
import { FailureNotice } from '../ui/states/failure.tsx';

/** A fault of the portal itself, in words; the way on is to load the page again. */
export function PageFault() {
  const { t } = useTranslation();
  const fault = useRouteError();
  const failure = fault instanceof Error ? fault : new Error(String(fault));
  return (
    <FailureNotice title={t('fault.title')} failure={failure} isPage>
      <Button onClick={() => window.location.reload()}>{t('fault.reload')}</Button>
    </FailureNotice>
  );
}

export function UnknownAddress() {
  const { t } = useTranslation();
  return (
    <Empty title={t('unknown.title')} text={t('unknown.text')}>
      <Link to="/">{t('unknown.home')}</Link>
    </Empty>
  );
}
