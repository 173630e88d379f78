import { Button, Popconfirm } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestFailure } from '../../http/request-failure.ts';
import { Card } from '../../ui/card/card.tsx';
import { QrCode } from '../../ui/qr-code/qr-code.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type CodeOnScreen, useCode, useHolderAct } from './health-code.resource.ts';

interface CodePanelProps {
  patient: string | undefined;
  isFrozen: boolean;
}

/** The code, hidden until it is tapped, so that nobody takes it over the shoulder. */
export function CodePanel({ patient, isFrozen }: CodePanelProps) {
  const { t } = useTranslation('health-code');
  const [isShown, setShown] = useState(false);
  const act = useHolderAct(patient);
  const freeze = (isNow: boolean) => {
    setShown(false);
    act.mutate({ path: 'freeze', body: { isFrozen: isNow } });
  };
  return (
    <Card title={t('code.title')}>
      <div className="code-stage">
        {isFrozen && (
          <>
            <p className="medium">{t('code.frozen')}</p>
            <Button type="primary" loading={act.isPending} onClick={() => freeze(false)}>
              {t('code.unfreeze')}
            </Button>
          </>
        )}
        {!isFrozen && !isShown && (
          <button type="button" className="code-cover" onClick={() => setShown(true)}>
            <span className="medium">{t('code.show')}</span>
            <span className="muted dense">{t('code.cover')}</span>
          </button>
        )}
        {!isFrozen && isShown && <LiveCode patient={patient} onHide={() => setShown(false)} />}
        {act.error && <FailureNotice title={t('failed.act')} failure={act.error} />}
        {!isFrozen && (
          <Popconfirm
            title={t('code.confirmFreeze')}
            okText={t('code.freeze')}
            cancelText={t('cancel')}
            onConfirm={() => freeze(true)}
          >
            <Button type="text">{t('code.freeze')}</Button>
          </Popconfirm>
        )}
      </div>
    </Card>
  );
}

/** The time, every second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function LiveCode({ patient, onHide }: { patient: string | undefined; onHide: () => void }) {
  const { t } = useTranslation('health-code');
  const { data, error, refetch } = useCode(patient, true);
  const now = useNow();
  const seconds = data ? Math.ceil(data.validSeconds - (now - data.receivedAt) / 1000) : 0;
  const isOffline = error instanceof RequestFailure && error.isUnreachable;
  return (
    <>
      {data && seconds > 0 && <CodeFace code={data} seconds={Math.min(seconds, data.validSeconds)} />}
      {(!data || seconds <= 0) && (
        <div className="code-empty" aria-busy={!error}>
          {error ? t(isOffline ? 'code.offline' : 'code.none') : t('code.coming')}
        </div>
      )}
      {error && !isOffline && <FailureNotice title={t('failed.code')} failure={error} onRetry={() => void refetch()} />}
      {isOffline && data && seconds > 0 && <p className="code-warning">{t('code.offlineSoon')}</p>}
      <p className="muted dense">{t('code.bright')}</p>
      <Button onClick={onHide}>{t('code.hide')}</Button>
    </>
  );
}

function CodeFace({ code, seconds }: { code: CodeOnScreen; seconds: number }) {
  const { t } = useTranslation('health-code');
  const round = 2 * Math.PI * 15;
  return (
    <>
      <QrCode text={code.code} label={t('code.label')} size={288} />
      {code.digits && (
        <p className="code-digits figures" translate="no">
          {code.digits.slice(0, 4)} {code.digits.slice(4)}
        </p>
      )}
      <p className="code-clock figures">
        <svg width={20} height={20} viewBox="0 0 36 36" aria-hidden="true">
          <circle className="code-ring-ground" cx={18} cy={18} r={15} />
          <circle
            className="code-ring"
            cx={18}
            cy={18}
            r={15}
            strokeDasharray={round}
            strokeDashoffset={round * (1 - seconds / code.validSeconds)}
          />
        </svg>
        {t('code.seconds', { count: seconds })}
      </p>
    </>
  );
}
