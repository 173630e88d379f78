import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { homeOf, type SignedIn, startSession } from '../../session/session.resource.ts';
import { AppearanceButton, LanguageButton } from '../../settings/switches.tsx';
import { Brand } from '../../ui/brand/brand.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { RecoveryCodes } from '../../ui/recovery-codes/recovery-codes.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { ChooseRole } from './choose-role.panel.tsx';
import { Demonstration } from './demonstration.panel.tsx';
import { EnrolmentForm } from './enrolment.form.tsx';
import { nextAddress } from './next-address.ts';
import { PasswordForm } from './password.form.tsx';
import { Returned } from './returned.panel.tsx';
import { SecondFactorForm } from './second-factor.form.tsx';
import { SetUpForm } from './set-up.form.tsx';
import { type Step, useSignInWays } from './sign-in.resource.ts';
import './sign-in.css';

/** The door: step by step, until somebody is signed in and goes where they were heading. */
export function SignInPage() {
  const { t } = useTranslation('sign-in');
  usePageTitle(t('title'));
  const ways = useSignInWays();
  const [step, setStep] = useState<Step>();
  const heading = useNext();
  const enter = useEnter(heading);
  const isSetUp = useLocation().pathname === '/sign-in/set-up';
  const onNext = (next: Step) => {
    if (next.next === 'done' && !next.recoveryCodes?.length) enter(next.person);
    else setStep(next);
  };
  const people = step || isSetUp ? [] : (ways.data?.people ?? []);
  return (
    <div className="sign-in">
      <header className="sign-in-bar">
        <Brand />
        <LanguageButton />
        <AppearanceButton />
      </header>
      <main className={`sign-in-content ${people.length > 0 ? 'sign-in-content-wide' : ''}`}>
        <div className="sign-in-steps">
          {step ? (
            <NextStep step={step} onNext={onNext} />
          ) : isSetUp ? (
            <SetUpForm onNext={onNext} />
          ) : (
            <PasswordForm providers={ways.data?.providers ?? []} next={heading} onNext={onNext} />
          )}
          {!step && !isSetUp && <Returned onNext={onNext} />}
          {ways.error && (
            <FailureNotice title={t('listFailed')} failure={ways.error} onRetry={() => void ways.refetch()} />
          )}
        </div>
        {people.length > 0 && <Demonstration people={people} onNext={onNext} />}
      </main>
    </div>
  );
}

function NextStep({ step, onNext }: { step: Step; onNext: (step: Step) => void }) {
  if (step.recoveryCodes?.length) {
    return <RecoveryCodes codes={step.recoveryCodes} onDone={() => onNext({ ...step, recoveryCodes: [] })} />;
  }
  if (step.next === 'second-factor') return <SecondFactorForm step={step} onNext={onNext} />;
  if (step.next === 'enrol') return <EnrolmentForm ticket={step.ticket} onNext={onNext} />;
  if (step.next === 'choose-role') return <ChooseRole step={step} onNext={onNext} />;
  return null;
}

function useNext(): string {
  const [address] = useSearchParams();
  return nextAddress(address.get('next'), window.location.origin);
}

/** Goes where the person was heading, else to their own room. */
function useEnter(next: string) {
  const navigate = useNavigate();
  const client = useQueryClient();
  return (person: SignedIn) => {
    startSession(client, person);
    void navigate(next === '/' ? homeOf(person) : next, { replace: true });
  };
}
