import { Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { QrCode } from '../../ui/qr-code/qr-code.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type HolderView, useHolderAct } from './health-code.resource.ts';

/** A code on paper, for those without a phone: who it is and the visit, nothing else. */
export function PaperPanel({ view, patient }: { view: HolderView; patient: string | undefined }) {
  const { t } = useTranslation('health-code');
  const locale = language.use();
  const act = useHolderAct(patient);
  const { paper } = view;
  return (
    <Card title={t('paper.title')}>
      <div className="code-form">
        <p className="muted dense">{t('paper.intro')}</p>
        {paper && (
          <div className="code-paper">
            <QrCode text={paper.code} label={t('paper.label')} size={176} />
            <p className="medium">{t('paper.name')}</p>
            <p className="dense">{t('paper.made', { day: formatDate(paper.made, locale) })}</p>
          </div>
        )}
        {act.error && <FailureNotice title={t('failed.act')} failure={act.error} />}
        <div className="code-actions">
          {paper && (
            <Button type="primary" onClick={() => window.print()}>
              {t('paper.print')}
            </Button>
          )}
          {!paper && (
            <Button loading={act.isPending} disabled={view.isFrozen} onClick={() => act.mutate({ path: 'paper' })}>
              {t('paper.make')}
            </Button>
          )}
          {paper && (
            <Popconfirm
              title={t('paper.confirm')}
              okText={t('paper.revoke')}
              cancelText={t('cancel')}
              onConfirm={() => act.mutate({ path: 'paper/revoke' })}
            >
              <Button loading={act.isPending}>{t('paper.revoke')}</Button>
            </Popconfirm>
          )}
        </div>
      </div>
    </Card>
  );
}
