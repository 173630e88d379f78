import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { type DemoPerson, homeOf, useDemoPeople, useSignIn } from '../../session/session.resource.ts';
import { AppearanceButton, LanguageButton } from '../../settings/switches.tsx';
import { Brand } from '../../ui/brand/brand.tsx';
import { Icon } from '../../ui/icon/icon.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { DemoPeopleList } from './demo-people-list.panel.tsx';
import './sign-in.css';

/** A stand-in for sign-in: whoever is chosen is believed. */
export function SignInPage() {
  const { t } = useTranslation('sign-in');
  usePageTitle(t('title'));
  const people = useDemoPeople();
  const signIn = useSignIn();
  const enter = useEnter();
  return (
    <div className="sign-in">
      <header className="sign-in-bar">
        <Brand />
        <LanguageButton />
        <AppearanceButton />
      </header>
      <main className="sign-in-content">
        <h1 className="sign-in-title">{t('title')}</h1>
        <Notice />
        {signIn.error && <FailureNotice title={t('signInFailed')} failure={signIn.error} />}
        <QueryContent
          query={people}
          failureTitle={t('listFailed')}
          skeleton={
            <div className="card">
              <SkeletonRows columns={[3, 1]} rows={8} height={56} />
            </div>
          }
        >
          {(content) => (
            <Choice
              people={content}
              onChoose={(person) => signIn.mutate(person.id, { onSuccess: () => enter(person) })}
            />
          )}
        </QueryContent>
      </main>
    </div>
  );
}

/** Goes where the person was heading, if they may be there, else to their own room. */
function useEnter() {
  const navigate = useNavigate();
  const [address] = useSearchParams();
  return (person: DemoPerson) => {
    const next = address.get('next') ?? '/';
    const home = homeOf(person);
    void navigate(next.startsWith(home) ? next : home, { replace: true });
  };
}

function Notice() {
  const { t } = useTranslation('sign-in');
  return (
    <p className="sign-in-notice">
      <Icon name="alert" size={20} />
      <span>
        <strong>{t('notice.title')}</strong>
        <br />
        {t('notice.text')}
      </span>
    </p>
  );
}

function Choice({ people, onChoose }: { people: readonly DemoPerson[]; onChoose: (person: DemoPerson) => void }) {
  const { t } = useTranslation('sign-in');
  const [text, setText] = useState('');
  if (people.length === 0) return <Empty title={t('empty.title')} text={t('empty.text')} />;
  return (
    <>
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
        onChoose={onChoose}
        empty={
          <Empty title={t('none.title', { text: text.trim() })} text={t('none.text')}>
            <Button onClick={() => setText('')}>{t('none.clear')}</Button>
          </Empty>
        }
      />
    </>
  );
}
