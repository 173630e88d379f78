import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { localDate } from '../../ui/date-time/date-time.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type RequestInput, useAsk, useSent, useVocabulary } from './consent.resource.ts';
import { ConsentEntry } from './consent-entry.panel.tsx';
import { ScopeFields } from './scope.form.tsx';
import './consent.css';

/** A clinician asks a resident to open part of their record, and sees what came of it. */
export function RequestPage() {
  const { t } = useTranslation('consent');
  usePageTitle(t('request.title'));
  const { id = '' } = useParams();
  const vocabulary = useVocabulary().data;
  const sent = useSent(id);
  return (
    <div className="consent-page">
      <Link className="consent-back" to={`/people/${id}`}>
        {t('request.back')}
      </Link>
      <RequestForm key={sent.data?.consents[0]?.id} patient={id} />
      <Card title={t('request.sent')}>
        <QueryContent
          query={sent}
          failureTitle={t('failed.list')}
          skeleton={<SkeletonRows columns={[3, 1]} rows={2} height={56} />}
        >
          {({ consents }) =>
            consents.length === 0 ? (
              <Nothing>{t('empty.sent')}</Nothing>
            ) : (
              <ul className="consent-list">
                {consents.map((consent) => (
                  <ConsentEntry key={consent.id} consent={consent} vocabulary={vocabulary} isSent />
                ))}
              </ul>
            )
          }
        </QueryContent>
      </Card>
    </div>
  );
}

function RequestForm({ patient }: { patient: string }) {
  const { t } = useTranslation('consent');
  const vocabulary = useVocabulary().data;
  const [input, setInput] = useState<RequestInput>(() => ({
    patient,
    forWhom: 'myself',
    purpose: 'TREAT',
    reason: '',
    categories: [],
    until: localDate(new Date(Date.now() + 90 * 86_400_000)),
    dataFrom: undefined,
    dataUntil: undefined,
  }));
  const ask = useAsk();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(input);
  };
  return (
    <Card title={t('request.title')}>
      <form className="consent-form" onSubmit={submit}>
        <p className="muted">{t('request.help')}</p>
        <div className="consent-dates">
          <div className="consent-field">
            <label htmlFor="request-for">{t('request.for')}</label>
            <Select
              id="request-for"
              value={input.forWhom}
              onChange={(forWhom) => setInput({ ...input, forWhom })}
              options={(['myself', 'organization'] as const).map((value) => ({
                value,
                label: t(`request.whom.${value}`),
              }))}
            />
          </div>
          <div className="consent-field">
            <label htmlFor="request-purpose">{t('request.purpose')}</label>
            <Select
              id="request-purpose"
              value={input.purpose}
              onChange={(purpose) => setInput({ ...input, purpose })}
              options={(vocabulary?.purposes ?? []).map((value) => ({ value, label: t(`purpose.${value}`) }))}
            />
          </div>
        </div>
        {vocabulary && (
          <ScopeFields vocabulary={vocabulary} scope={input} onChange={(scope) => setInput({ ...input, ...scope })} />
        )}
        <div className="consent-field">
          <label htmlFor="request-reason">{t('request.reason')}</label>
          <Input.TextArea
            id="request-reason"
            value={input.reason}
            maxLength={500}
            autoSize={{ minRows: 2 }}
            onChange={({ target }) => setInput({ ...input, reason: target.value })}
          />
        </div>
        {ask.error && <FailureNotice title={t('failed.ask')} failure={ask.error} />}
        {ask.isSuccess && <p role="status">{t('request.done')}</p>}
        <Button
          type="primary"
          htmlType="submit"
          loading={ask.isPending}
          disabled={input.categories.length === 0 || input.reason.trim() === '' || input.until === undefined}
        >
          {t('action.ask')}
        </Button>
      </form>
    </Card>
  );
}
