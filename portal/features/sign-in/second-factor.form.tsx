import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon/icon.tsx';
import { askForPasskey, type Step, sendCode } from './sign-in.resource.ts';
import { StepField, StepForm, useStep } from './step-form.tsx';

interface SecondFactorFormProps {
  step: Extract<Step, { next: 'second-factor' }>;
  onNext: (step: Step) => void;
}

/** The second step: the code of an app, a passkey, or one of the codes that were written down. */
export function SecondFactorForm({ step: { ticket, factors }, onNext }: SecondFactorFormProps) {
  const { t } = useTranslation('sign-in');
  const hasApp = factors.includes('authenticator');
  const [isRecovery, setIsRecovery] = useState(false);
  const [code, setCode] = useState('');
  const step = useStep(sendCode, onNext);
  const passkey = useStep(askForPasskey, onNext);
  const byCode = hasApp || isRecovery;
  const askDevice = () => {
    step.reset();
    passkey.mutate(ticket);
  };
  const kind = isRecovery ? 'recovery' : hasApp ? 'app' : 'device';
  return (
    <StepForm
      title={t('second.title')}
      text={t(`second.text.${kind}`)}
      action={byCode ? t('second.action') : t('passkey')}
      step={{ isPending: step.isPending || passkey.isPending, error: step.error ?? passkey.error }}
      onSubmit={() => {
        if (!byCode) return askDevice();
        passkey.reset();
        step.mutate({ ticket, code });
      }}
      others={
        <>
          {factors.includes('passkey') && byCode && (
            <Button size="large" block icon={<Icon name="lock" />} onClick={askDevice}>
              {t('passkey')}
            </Button>
          )}
          {factors.includes('recovery-code') && (
            <Button
              type="link"
              onClick={() => {
                setIsRecovery(!isRecovery);
                setCode('');
                step.reset();
              }}
            >
              {isRecovery ? t('second.back') : t('second.lost')}
            </Button>
          )}
        </>
      }
    >
      {byCode && (
        <StepField id="sign-in-code" label={t(`second.label.${isRecovery ? 'recovery' : 'app'}`)}>
          {(id) => (
            <Input
              key={kind}
              id={id}
              className="step-code"
              size="large"
              value={code}
              onChange={(event) => setCode(event.target.value)}
              autoComplete="one-time-code"
              inputMode={isRecovery ? 'text' : 'numeric'}
              maxLength={isRecovery ? 20 : 7}
              autoFocus
              required
            />
          )}
        </StepField>
      )}
    </StepForm>
  );
}
