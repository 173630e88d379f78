import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate, formatTime } from '../../ui/date-time/date-time.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type ScanView, useAskPayment, useOpened, usePayment, useVisit } from './health-code.resource.ts';
import { lineOf } from './opened-line.ts';
import { Refused } from './refused.tsx';

/** Who came, and what the code opens here. */
export function OpenedPanel({ scanned, onAgain }: { scanned: ScanView; onAgain: () => void }) {
  const { t } = useTranslation('health-code');
  const locale = language.use();
  const { person, scopes, token, ends } = scanned;
  return (
    <>
      <Card title={person?.name ?? t('scan.unnamed')}>
        <div className="code-form">
          {person?.birthDate && <p className="figures">{formatDate(person.birthDate, locale)}</p>}
          <p className="dense">{scopes.map((scope) => t(`scope.${scope}`)).join(' · ')}</p>
          <p className="muted small figures">{t('scan.until', { time: formatTime(new Date(ends)) })}</p>
          {scopes.includes('visit') && <Visit token={token} patient={person?.id} />}
          <Button onClick={onAgain}>{t('scan.again')}</Button>
        </div>
      </Card>
      {scopes.includes('prescriptions') && <Opened token={token} what="prescriptions" />}
      {scopes.includes('insurance') && scanned.place === 'cashier' && <Opened token={token} what="bill" />}
      {scopes.includes('payment') && <Payment token={token} />}
    </>
  );
}

function Visit({ token, patient }: { token: string; patient: string | undefined }) {
  const { t } = useTranslation('health-code');
  const visit = useVisit();
  if (visit.data) {
    return (
      <div role="status">
        <p className="medium">{t(visit.data.isNew ? 'scan.visitOpen' : 'scan.visitKnown')}</p>
        {patient !== undefined && <Link to={`/people/${patient}`}>{t('scan.record')}</Link>}
      </div>
    );
  }
  return (
    <>
      {visit.error && <Refused failure={visit.error} title={t('failed.visit')} />}
      <Button type="primary" loading={visit.isPending} onClick={() => visit.mutate(token)}>
        {t('scan.visit')}
      </Button>
    </>
  );
}

function Opened({ token, what }: { token: string; what: 'prescriptions' | 'bill' }) {
  const { t } = useTranslation('health-code');
  const locale = language.use();
  const opened = useOpened(token, what);
  return (
    <Card title={t(`scan.${what}`)}>
      <QueryContent
        query={opened}
        failureTitle={t('failed.opened')}
        skeleton={<SkeletonRows columns={[3, 1]} rows={3} height={48} />}
      >
        {({ resources, isCut }) => (
          <>
            {resources.length === 0 && <Nothing>{t(what === 'bill' ? 'scan.noBill' : 'scan.noPrescriptions')}</Nothing>}
            <ul className="code-uses">
              {resources.map((resource) => {
                const { key, title, detail } = lineOf(resource, locale);
                return (
                  <li key={key}>
                    <p className="medium">{title}</p>
                    <p className="muted dense figures">{detail}</p>
                  </li>
                );
              })}
            </ul>
            {isCut && <Nothing>{t('scan.cut')}</Nothing>}
          </>
        )}
      </QueryContent>
    </Card>
  );
}

function Payment({ token }: { token: string }) {
  const { t } = useTranslation('health-code');
  const [amount, setAmount] = useState<number | null>(null);
  const ask = useAskPayment(token);
  const payment = usePayment(ask.data).data ?? ask.data;
  return (
    <Card title={t('scope.payment')}>
      <form
        className="code-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (amount !== null) ask.mutate(Math.round(amount * 100));
        }}
      >
        {payment && (
          <p className="medium figures" role="status">
            {t('payment.amount', { amount: (payment.amount / 100).toFixed(2) })} ·{' '}
            {payment.state === 'lapsed' ? t('payment.lapsed') : t(`scan.${payment.state}`)}
          </p>
        )}
        {!payment && (
          <>
            <InputNumber
              value={amount}
              onChange={setAmount}
              min={0.01}
              max={1_000_000}
              precision={2}
              size="large"
              aria-label={t('scan.amount')}
              placeholder={t('scan.amount')}
            />
            {ask.error && <Refused failure={ask.error} title={t('failed.payment')} />}
            <Button type="primary" htmlType="submit" loading={ask.isPending} disabled={amount === null}>
              {t('scan.pay')}
            </Button>
          </>
        )}
      </form>
    </Card>
  );
}
