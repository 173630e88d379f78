import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate, formatTimeOf, localDate } from '../../ui/date-time/date-time.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { BackToConsents } from './back.tsx';
import { type Receipt, type ReceiptLine, useReceipt, useVocabulary } from './consent.resource.ts';
import { byParty, type ReceiptReason, reasonsOf } from './receipt-lines.ts';
import { DateField } from './scope.form.tsx';
import { useCategoryNames } from './scope-text.tsx';
import './consent.css';

/** Who could see the record on a day, and why; to be printed. */
export function ReceiptPage() {
  const { t } = useTranslation('consent');
  usePageTitle(t('way.receipt'));
  const [address, setAddress] = useSearchParams();
  const patient = address.get('for') ?? undefined;
  const today = localDate(new Date());
  const day = address.get('day') ?? today;
  const receipt = useReceipt(patient, day);
  const choose = (chosen: string | undefined) =>
    setAddress({ day: chosen ?? today, ...(patient !== undefined && { for: patient }) }, { replace: true });
  return (
    <div className="consent-page consent-receipt">
      <BackToConsents />
      <Card title={t('receipt.title')} meta={<Button onClick={() => window.print()}>{t('receipt.print')}</Button>}>
        <div className="consent-form">
          <DateField id="receipt-day" label={t('receipt.day')} value={day} onChange={choose} />
          <p className="muted dense">{t('receipt.help')}</p>
        </div>
        <QueryContent
          query={receipt}
          failureTitle={t('failed.receipt')}
          skeleton={<SkeletonRows columns={[2, 2, 1]} rows={4} height={52} />}
        >
          {(content) => <Lines receipt={content} />}
        </QueryContent>
      </Card>
    </div>
  );
}

function Lines({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation('consent');
  const locale = language.use();
  const { lines, isCut, sha256, madeAt, patient } = receipt;
  return (
    <>
      {lines.length === 0 && <Nothing>{t('receipt.nobody')}</Nothing>}
      <ul className="consent-list">
        {byParty(lines).map((own) => (
          <PartyLines key={own[0]?.party.reference} lines={own} />
        ))}
      </ul>
      {isCut && <Nothing>{t('receipt.cut', { count: lines.length })}</Nothing>}
      <footer className="consent-form muted small figures">
        <p>
          {t('receipt.made', {
            name: patient.display,
            day: formatDate(madeAt, locale),
            time: formatTimeOf(madeAt) ?? '',
          })}
        </p>
        <p className="consent-hash">SHA-256 {sha256}</p>
      </footer>
    </>
  );
}

function PartyLines({ lines }: { lines: readonly ReceiptLine[] }) {
  const { t } = useTranslation('consent');
  const party = lines[0]?.party;
  if (party === undefined) return null;
  return (
    <li className="consent-entry">
      <div className="consent-words">
        <p className="medium">{party.reference === 'everybody' ? t('everybody') : party.display}</p>
        {reasonsOf(lines).map((reason) => (
          <Reason key={`${reason.why} ${reason.category}`} reason={reason} />
        ))}
      </div>
    </li>
  );
}

function Reason({ reason }: { reason: ReceiptReason }) {
  const { t } = useTranslation('consent');
  const vocabulary = useVocabulary().data;
  const category = useCategoryNames(reason.category === undefined ? [] : [reason.category], vocabulary)[0];
  return (
    <p>
      {t(`why.${reason.why}`)}
      {category && `: ${category}`}{' '}
      <span className="muted dense figures">
        {reason.spans.map(({ from, until }) => `${timeOf(from)}–${timeOf(until)}`).join(', ')}
      </span>
    </p>
  );
}

const timeOf = (value: string): string => formatTimeOf(value) ?? '';
