import { type UseMutationResult, useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestFailure } from '../../http/request-failure.ts';
import { Icon } from '../../ui/icon/icon.tsx';
import type { Step } from './sign-in.resource.ts';

/** Sends one step and goes on with what comes next. */
export const useStep = <Input,>(send: (input: Input) => Promise<Step>, onNext: (step: Step) => void) =>
  useMutation({ mutationFn: send, onSuccess: onNext });

interface StepFormProps {
  title: string;
  text?: ReactNode;
  /** What the button does. */
  action: string;
  step: Pick<UseMutationResult<Step, Error, never>, 'isPending' | 'error'>;
  onSubmit: () => void;
  children: ReactNode;
  /** Other ways on, below the button. */
  others?: ReactNode;
}

/** One step of signing in: fields, one button, and what went wrong beside it. */
export function StepForm({ title, text, action, step, onSubmit, children, others }: StepFormProps) {
  const seconds = useSecondsLeft(step.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!step.isPending && seconds === 0) onSubmit();
  };
  return (
    <form className="card step-form" onSubmit={submit} noValidate>
      <h1 className="step-form-title">{title}</h1>
      {text && <p className="muted">{text}</p>}
      {children}
      {step.error && <StepFailure failure={step.error} seconds={seconds} />}
      <Button type="primary" htmlType="submit" size="large" block loading={step.isPending} disabled={seconds > 0}>
        {action}
      </Button>
      {others && <div className="step-form-others">{others}</div>}
    </form>
  );
}

interface StepFieldProps {
  label: string;
  help?: ReactNode;
  children: (id: string) => ReactNode;
  id: string;
}

export function StepField({ label, help, children, id }: StepFieldProps) {
  return (
    <div className="step-field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {help && <p className="muted small">{help}</p>}
    </div>
  );
}

/** Why it did not go on; after too many attempts, how long to wait. */
export function StepFailure({ failure, seconds }: { failure: Error; seconds: number }) {
  const words = useFailureWords(failure);
  const { t } = useTranslation('sign-in');
  const waiting = failure instanceof RequestFailure && failure.status === 429;
  if (waiting && seconds === 0) return null;
  return (
    <p className="step-failure" role="alert">
      <Icon name={waiting ? 'clock' : 'alert'} size={20} />
      <span>{waiting ? t('failure.wait', { time: clockText(seconds) }) : words}</span>
    </p>
  );
}

const clockText = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function useFailureWords(failure: Error): string {
  const { t } = useTranslation('sign-in');
  if (failure instanceof RequestFailure) {
    if (failure.isUnreachable) return t('failure.unreachable');
    if (failure.status === 410) return t('failure.expired');
    if (failure.status === 401) return t('failure.wrong');
    return failure.sentences.join(' ') || t('failure.other');
  }
  return failure.name === 'NotAllowedError' ? t('failure.declined') : t('failure.passkey');
}

/** Counts down until the server listens again. */
export function useSecondsLeft(failure: Error | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const wait = failure instanceof RequestFailure ? (failure.retryAfterSeconds ?? 0) : 0;
    const end = Date.now() + wait * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    if (wait === 0) return;
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [failure]);
  return left;
}
