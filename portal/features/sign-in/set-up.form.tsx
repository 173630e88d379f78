import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { type Step, sendOneTimeCode } from './sign-in.resource.ts';
import { StepField, StepForm, useStep } from './step-form.tsx';

/** The first password, or a new one, with the code that an administrator handed over. */
export function SetUpForm({ onNext }: { onNext: (step: Step) => void }) {
  const { t } = useTranslation('sign-in');
  const [address] = useSearchParams();
  const [input, setInput] = useState({ name: '', code: '', password: '' });
  const step = useStep(sendOneTimeCode, onNext);
  const set = (field: keyof typeof input) => (event: React.ChangeEvent<HTMLInputElement>) =>
    setInput({ ...input, [field]: event.target.value });
  return (
    <StepForm
      title={t('setUp.title')}
      text={t('setUp.text')}
      action={t('setUp.action')}
      step={step}
      onSubmit={() => step.mutate(input)}
      others={<Link to={`/sign-in?${address}`}>{t('setUp.back')}</Link>}
    >
      <StepField id="set-up-name" label={t('name')}>
        {(id) => (
          <Input id={id} size="large" value={input.name} onChange={set('name')} autoComplete="username" required />
        )}
      </StepField>
      <StepField id="set-up-code" label={t('setUp.code')}>
        {(id) => (
          <Input
            id={id}
            className="step-code"
            size="large"
            value={input.code}
            onChange={set('code')}
            autoComplete="one-time-code"
            required
          />
        )}
      </StepField>
      <StepField id="set-up-password" label={t('setUp.password')} help={t('setUp.rule')}>
        {(id) => (
          <Input.Password
            id={id}
            size="large"
            value={input.password}
            onChange={set('password')}
            autoComplete="new-password"
            required
          />
        )}
      </StepField>
    </StepForm>
  );
}
