import { useTranslation } from 'react-i18next';
import { language, wordsIn } from '../../settings/language.ts';
import { Icon } from '../../ui/icon/icon.tsx';
import { chooseRole, type Step } from './sign-in.resource.ts';
import { StepFailure, useSecondsLeft, useStep } from './step-form.tsx';

interface ChooseRoleProps {
  step: Extract<Step, { next: 'choose-role' }>;
  onNext: (step: Step) => void;
}

/** The last step of whoever holds several roles. */
export function ChooseRole({ step: { ticket, roles }, onNext }: ChooseRoleProps) {
  const { t } = useTranslation('sign-in');
  const { t: shell } = useTranslation('shell');
  const locale = language.use();
  const step = useStep(chooseRole, onNext);
  const seconds = useSecondsLeft(step.error);
  return (
    <section className="card">
      <h1 className="step-form-title choose-role-title">{t('chooseRole')}</h1>
      {step.error && <StepFailure failure={step.error} seconds={seconds} />}
      <ul className="demo-people-rows">
        {roles.map(({ id, role, organization }) => (
          <li key={id}>
            <button
              type="button"
              className="demo-person"
              disabled={step.isPending}
              onClick={() => step.mutate({ ticket, role: id })}
            >
              <span className="demo-person-words">
                <span className="medium">{shell(`role.${role}`)}</span>
                {organization && <span className="muted dense">{wordsIn(locale, organization)}</span>}
              </span>
              <Icon name="right" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
