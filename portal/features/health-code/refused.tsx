import { useTranslation } from 'react-i18next';
import { RequestFailure } from '../../http/request-failure.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { isRefusal } from './refusals.ts';

/** Why a code was refused, in the words of the reader; any other failure as everywhere. */
export function Refused({ failure, title }: { failure: Error; title?: string }) {
  const { t } = useTranslation('health-code');
  const reason = failure instanceof RequestFailure ? failure.reasons[0] : undefined;
  if (reason === undefined || !isRefusal(reason)) {
    return <FailureNotice title={title ?? t('failed.scan')} failure={failure} />;
  }
  return (
    <div className="failure" role="alert">
      <div className="failure-words">
        <p className="failure-title">{title ?? t('failed.scan')}</p>
        <p>{t(`refusal.${reason}`)}</p>
      </div>
    </div>
  );
}
