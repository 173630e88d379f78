import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { QrCode } from '../../ui/qr-code/qr-code.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type Enrolment, finishEnrolment, type Step, useEnrolment } from './sign-in.resource.ts';
import { StepField, StepForm, useStep } from './step-form.tsx';

/** Whoever needs a second factor and has none sets an app up before anything else. */
export function EnrolmentForm({ ticket, onNext }: { ticket: string; onNext: (step: Step) => void }) {
  const { t } = useTranslation('sign-in');
  const enrolment = useEnrolment(ticket);
  return (
    <QueryContent
      query={enrolment}
      failureTitle={t('enrol.failed')}
      skeleton={
        <div className="card">
          <SkeletonRows columns={[1]} rows={5} height={48} />
        </div>
      }
    >
      {(content) => <AppForm enrolment={content} onNext={onNext} />}
    </QueryContent>
  );
}

function AppForm({ enrolment, onNext }: { enrolment: Enrolment; onNext: (step: Step) => void }) {
  const { t } = useTranslation('sign-in');
  const [code, setCode] = useState('');
  const step = useStep(finishEnrolment, onNext);
  const { ticket, secret, uri } = enrolment;
  return (
    <StepForm
      title={t('enrol.title')}
      text={t('enrol.text')}
      action={t('enrol.action')}
      step={step}
      onSubmit={() => step.mutate({ ticket, code, name: t('enrol.name') })}
    >
      <div className="enrol-key">
        <QrCode text={uri} label={t('enrol.qr')} />
        <p className="muted small">{t('enrol.byHand')}</p>
        <code className="enrol-secret">{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
        <a href={uri}>{t('enrol.open')}</a>
      </div>
      <StepField id="enrol-code" label={t('second.label.app')}>
        {(id) => (
          <Input
            id={id}
            className="step-code"
            size="large"
            value={code}
            onChange={(event) => setCode(event.target.value)}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={7}
            required
          />
        )}
      </StepField>
    </StepForm>
  );
}
