import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Icon } from '../../ui/icon/icon.tsx';
import { askForPasskey, type SignInWays, type Step, sendPassword } from './sign-in.resource.ts';
import { StepField, StepForm, useStep } from './step-form.tsx';

interface PasswordFormProps {
  providers: SignInWays['providers'];
  /** Where the person was heading. */
  next: string;
  onNext: (step: Step) => void;
}

/** The first step: who, and the password; or a passkey, or somebody else's word for it. */
export function PasswordForm({ providers, next, onNext }: PasswordFormProps) {
  const { t } = useTranslation('sign-in');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const step = useStep(sendPassword, onNext);
  const passkey = useStep(askForPasskey, onNext);
  const canPasskey = 'PublicKeyCredential' in window && !isNumbers(window.location.hostname);
  return (
    <StepForm
      title={t('title')}
      action={t('password.action')}
      step={{ isPending: step.isPending, error: step.error ?? passkey.error }}
      onSubmit={() => {
        passkey.reset();
        step.mutate({ name, password });
      }}
      others={
        <>
          {canPasskey && (
            <Button
              size="large"
              block
              icon={<Icon name="lock" />}
              loading={passkey.isPending}
              onClick={() => {
                step.reset();
                passkey.mutate(undefined);
              }}
            >
              {t('passkey')}
            </Button>
          )}
          {providers.map((provider) => (
            <Button
              key={provider.id}
              size="large"
              block
              href={`/portal/api/sign-in/providers/${encodeURIComponent(provider.id)}?next=${encodeURIComponent(next)}`}
            >
              {t('provider', { name: provider.name })}
            </Button>
          ))}
          <Link to={`/sign-in/set-up?next=${encodeURIComponent(next)}`}>{t('haveCode')}</Link>
        </>
      }
    >
      <StepField id="sign-in-name" label={t('name')}>
        {(id) => (
          <Input
            id={id}
            size="large"
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        )}
      </StepField>
      <StepField id="sign-in-password" label={t('password.label')}>
        {(id) => (
          <Input.Password
            id={id}
            size="large"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="current-password"
            required
          />
        )}
      </StepField>
    </StepForm>
  );
}

/** Browsers bind passkeys to names of hosts, never to addresses of numbers. */
const isNumbers = (host: string) => /^[\d.]+$|^\[/.test(host);
