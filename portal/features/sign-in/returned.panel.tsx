import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Icon } from '../../ui/icon/icon.tsx';
import { resume, type Step } from './sign-in.resource.ts';
import { StepFailure, useStep } from './step-form.tsx';

/** Whoever comes back from another provider goes on, or reads why not. */
export function Returned({ onNext }: { onNext: (step: Step) => void }) {
  const { t } = useTranslation('sign-in');
  const [address, setAddress] = useSearchParams();
  const { mutate, error } = useStep(resume, onNext);
  const isBack = address.has('resume');
  useEffect(() => {
    if (!isBack) return;
    const { next = '/' } = Object.fromEntries(new URLSearchParams(window.location.search));
    setAddress({ next }, { replace: true });
    mutate(undefined);
  }, [isBack, mutate, setAddress]);
  const refused = address.get('refused');
  if (error) return <StepFailure failure={error} seconds={0} />;
  if (refused === null) return null;
  return (
    <p className="step-failure" role="alert">
      <Icon name="alert" size={20} />
      <span>{t(refused === 'conflict' ? 'refused.conflict' : 'refused.unknown')}</span>
    </p>
  );
}
