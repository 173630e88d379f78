import { Button, Input, Radio } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { localDate } from '../../ui/date-time/date-time.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { BackToConsents } from './back.tsx';
import { type MandateInput, useAskForMandate } from './consent.resource.ts';
import { DateField } from './scope.form.tsx';
import './consent.css';

/** A resident asks to act for another one, or lets another one act for them. */
export function MandatePage() {
  const { t } = useTranslation('consent');
  usePageTitle(t('way.mandate'));
  const [input, setInput] = useState<MandateInput>(() => ({
    identifier: '',
    name: '',
    actFor: 'them',
    until: localDate(new Date(Date.now() + 365 * 86_400_000)),
    reason: '',
  }));
  const ask = useAskForMandate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(input);
  };
  const isReady = [input.identifier, input.name, input.until, input.reason].every((text) => text.trim() !== '');
  return (
    <div className="consent-page">
      <BackToConsents />
      <Card title={t('way.mandate')}>
        <form className="consent-form" onSubmit={submit}>
          <Radio.Group
            value={input.actFor}
            onChange={({ target }) => setInput({ ...input, actFor: target.value })}
            options={(['them', 'me'] as const).map((value) => ({ value, label: t(`mandate.actFor.${value}`) }))}
          />
          {(['name', 'identifier', 'reason'] as const).map((field) => (
            <div className="consent-field" key={field}>
              <label htmlFor={`mandate-${field}`}>{t(`mandate.${field}`)}</label>
              <Input
                id={`mandate-${field}`}
                value={input[field]}
                autoComplete="off"
                onChange={({ target }) => setInput({ ...input, [field]: target.value })}
              />
            </div>
          ))}
          <DateField
            id="mandate-until"
            label={t('scope.until')}
            value={input.until}
            onChange={(until) => setInput({ ...input, until: until ?? '' })}
          />
          {ask.error && <FailureNotice title={t('failed.mandate')} failure={ask.error} />}
          {ask.isSuccess && (
            <p role="status">{t(ask.data.state === 'requested' ? 'mandate.waits' : 'mandate.given')}</p>
          )}
          <Button type="primary" htmlType="submit" loading={ask.isPending} disabled={!isReady || ask.isSuccess}>
            {t(`mandate.send.${input.actFor}`)}
          </Button>
        </form>
      </Card>
    </div>
  );
}
