import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../session/session.resource.ts';
import { loadWords } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { RecoveryCodes } from '../../ui/recovery-codes/recovery-codes.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type AccountView, useAccount } from './account.resource.ts';
import { FactorsPanel } from './factors.panel.tsx';
import { PasswordPanel } from './password.panel.tsx';
import { SessionsPanel } from './sessions.panel.tsx';
import './account.css';

const GrantedPanel = lazy(async () => {
  const [panel] = await Promise.all([import('../applications/granted.panel.tsx'), loadWords('applications')]);
  return { default: panel.GrantedPanel };
});

/** One's own account: how one proves who one is, and where one is signed in. */
export function AccountPage() {
  const { t } = useTranslation('account');
  usePageTitle(t('title'));
  const account = useAccount();
  return (
    <div className="account-page">
      <h1 className="account-page-title">{t('title')}</h1>
      <QueryContent
        query={account}
        failureTitle={t('failed')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[2, 1]} rows={6} height={48} />
          </div>
        }
      >
        {(content) => <Content account={content} />}
      </QueryContent>
    </div>
  );
}

function Content({ account }: { account: AccountView }) {
  const { t } = useTranslation('account');
  const [codes, setCodes] = useState<readonly string[]>([]);
  const isDemonstration = useSession().data?.person?.isDemonstration === true;
  return (
    <>
      {codes.length > 0 && <RecoveryCodes codes={codes} onDone={() => setCodes([])} />}
      <Card title={t('name')} meta={account.phone ?? undefined}>
        <p className="account-name">{account.name}</p>
      </Card>
      {isDemonstration ? (
        <Card title={t('factors.title')}>
          <Nothing>{t('demonstration')}</Nothing>
        </Card>
      ) : (
        <>
          <PasswordPanel />
          <FactorsPanel factors={account.factors} providers={account.providers} onCodes={setCodes} />
        </>
      )}
      <SessionsPanel sessions={account.sessions} />
      <Suspense>
        <GrantedPanel />
      </Suspense>
    </>
  );
}
