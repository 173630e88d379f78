import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type HolderView, useHolderAct } from './health-code.resource.ts';

/** Payments above the limit that wait for the holder. */
export function PaymentsPanel({ view, patient }: { view: HolderView; patient: string | undefined }) {
  const { t } = useTranslation('health-code');
  const act = useHolderAct(patient);
  const waiting = view.payments.filter(({ state }) => state === 'waiting');
  if (waiting.length === 0) return null;
  return (
    <Card title={t('payment.waiting')}>
      <div className="code-form">
        {waiting.map(({ id, amount, display }) => (
          <div key={id} className="code-payment">
            <p className="code-amount figures">{t('payment.amount', { amount: (amount / 100).toFixed(2) })}</p>
            <p className="muted dense">{t('payment.who', { name: display })}</p>
            <div className="code-actions">
              <Button
                type="primary"
                loading={act.isPending}
                onClick={() => act.mutate({ path: `payments/${id}`, body: { isConfirmed: true } })}
              >
                {t('payment.confirm')}
              </Button>
              <Button
                disabled={act.isPending}
                onClick={() => act.mutate({ path: `payments/${id}`, body: { isConfirmed: false } })}
              >
                {t('payment.decline')}
              </Button>
            </div>
          </div>
        ))}
        {act.error && <FailureNotice title={t('failed.act')} failure={act.error} />}
      </div>
    </Card>
  );
}
