import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestFailure } from '../../http/request-failure.ts';
import { Icon } from '../icon/icon.tsx';
import './states.css';

interface FailureNoticeProps {
  title: string;
  failure: Error;
  onRetry?: () => void;
  /** The failure is all that the page has to show. */
  isPage?: boolean;
  children?: ReactNode;
}

/** A failed request in words, with a way on; never an empty list. */
export function FailureNotice({ title, failure, onRetry, isPage = false, children }: FailureNoticeProps) {
  const { t } = useTranslation('ui');
  const isUnreachable = failure instanceof RequestFailure && failure.isUnreachable;
  return (
    <div className={`failure ${isPage ? 'failure-page' : ''}`} role="alert">
      <span className="failure-icon">
        <Icon name={isUnreachable ? 'unreachable' : 'cross'} size={20} />
      </span>
      <div className="failure-words">
        <p className="failure-title">{title}</p>
        <p className="muted">{useReason(failure)}</p>
      </div>
      {onRetry && (
        <Button onClick={onRetry} icon={<Icon name="refresh" size={14} />}>
          {t('failure.retry')}
        </Button>
      )}
      {children}
    </div>
  );
}

function useReason(failure: Error): string {
  const { t } = useTranslation('ui');
  if (!(failure instanceof RequestFailure)) return t('failure.page');
  if (failure.sentences.length > 0) return t('failure.said', { sentences: failure.sentences.join(' ') });
  if (failure.isUnreachable) return t('failure.unreachable');
  return t('failure.status', { status: failure.status });
}
