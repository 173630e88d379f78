import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon/icon.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import type { DemoPerson } from './demo-people.ts';
import { DemoPeopleList } from './demo-people-list.panel.tsx';
import { chooseDemonstration, type Step } from './sign-in.resource.ts';
import { useStep } from './step-form.tsx';

/** In a demonstration region: its people, to be chosen without a password. */
export function Demonstration({ people, onNext }: { people: readonly DemoPerson[]; onNext: (step: Step) => void }) {
  const { t } = useTranslation('sign-in');
  const [text, setText] = useState('');
  const step = useStep(chooseDemonstration, onNext);
  return (
    <div className="demonstration">
      <p className="sign-in-notice">
        <Icon name="alert" size={20} />
        <span>
          <strong>{t('notice.title')}</strong>
          <br />
          {t('notice.text')}
        </span>
      </p>
      {step.error && <FailureNotice title={t('signInFailed')} failure={step.error} />}
      <Input
        size="large"
        prefix={<Icon name="search" />}
        placeholder={t('search')}
        aria-label={t('search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        allowClear
      />
      <DemoPeopleList
        people={people}
        text={text}
        onChoose={(person) => step.mutate(person.id)}
        empty={
          <Empty title={t('none.title', { text: text.trim() })} text={t('none.text')}>
            <Button onClick={() => setText('')}>{t('none.clear')}</Button>
          </Empty>
        }
      />
    </div>
  );
}
