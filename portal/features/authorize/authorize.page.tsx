import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { useSession } from '../../session/session.resource.ts';
import { AppearanceButton, LanguageButton } from '../../settings/switches.tsx';
import { Brand } from '../../ui/brand/brand.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type InteractionView, useDecision, useInteraction } from './authorize.resource.ts';
import { DecisionForm } from './decision.form.tsx';
import '../../ui/card/card.css';
import './authorize.css';

/** An application asks to act for somebody: which one, what it wants, and their answer. */
export function AuthorizePage() {
  const { t } = useTranslation('authorize');
  usePageTitle(t('title'));
  const [address] = useSearchParams();
  const uid = address.get('interaction') ?? '';
  const session = useSession();
  const person = session.data?.person;
  const interaction = useInteraction(uid, Boolean(person) && uid !== '');
  if (session.data && !person) {
    const next = `/authorize?interaction=${encodeURIComponent(uid)}`;
    return <Navigate to={`/sign-in?next=${encodeURIComponent(next)}`} replace />;
  }
  return (
    <div className="authorize">
      <header className="authorize-bar">
        <Brand />
        <LanguageButton />
        <AppearanceButton />
      </header>
      <main className="authorize-content">
        {uid === '' ? (
          <Empty title={t('none.title')} text={t('none.text')} />
        ) : (
          <QueryContent
            query={interaction}
            failureTitle={t('failed')}
            skeleton={
              <div className="card">
                <SkeletonRows columns={[1]} rows={5} height={48} />
              </div>
            }
          >
            {(view) => <Decide uid={uid} view={view} />}
          </QueryContent>
        )}
      </main>
    </div>
  );
}

function Decide({ uid, view }: { uid: string; view: InteractionView }) {
  const decision = useDecision(uid);
  const [isAsked, setIsAsked] = useState(!view.isTrusted);
  const { mutate } = decision;
  // What was chosen for everybody needs no answer: the application is waiting.
  useEffect(() => {
    if (!view.isTrusted) return;
    mutate({ scopes: view.scopes.map(({ scope }) => scope) }, { onError: () => setIsAsked(true) });
  }, [view, mutate]);
  if (!isAsked) return <SkeletonRows columns={[1]} rows={5} height={48} />;
  return <DecisionForm view={view} decision={decision} />;
}
