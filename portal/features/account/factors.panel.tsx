import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { Nothing } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type AccountView, useLink, useNewPasskey, useRecoveryCodes, useRemoveFactor } from './account.resource.ts';
import { NewAuthenticatorForm } from './new-authenticator.form.tsx';

interface FactorsPanelProps {
  factors: AccountView['factors'];
  providers: AccountView['providers'];
  onCodes: (codes: readonly string[]) => void;
}

/** Apps, passkeys, codes for a lost telephone, and other providers. */
export function FactorsPanel({ factors, providers, onCodes }: FactorsPanelProps) {
  const { t } = useTranslation('account');
  const [isAdding, setIsAdding] = useState(false);
  const remove = useRemoveFactor();
  const passkey = useNewPasskey();
  const codes = useRecoveryCodes();
  const link = useLink();
  const unlinked = providers.filter(({ id }) => !factors.identities.some(({ provider }) => provider === id));
  const rows = [
    ...factors.authenticators.map((factor) => ({ kind: 'authenticator' as const, ...factor })),
    ...factors.passkeys.map(({ id, name, createdAt }) => ({ kind: 'passkey' as const, id, name, createdAt })),
    ...factors.identities.map(({ provider, createdAt }) => ({
      kind: 'identity' as const,
      id: provider,
      name: providers.find(({ id }) => id === provider)?.name ?? provider,
      createdAt,
    })),
  ];
  const failure = remove.error ?? passkey.error ?? codes.error ?? link.error;
  const hasFactor = factors.authenticators.length + factors.passkeys.length > 0;
  const canPasskey = 'PublicKeyCredential' in window && !/^[\d.]+$|^\[/.test(window.location.hostname);
  return (
    <Card
      title={t('factors.title')}
      meta={hasFactor ? t('factors.codes', { count: factors.recoveryCodes }) : undefined}
    >
      {rows.length === 0 && <Nothing>{t('factors.none')}</Nothing>}
      <ul className="account-rows">
        {rows.map((row) => (
          <li key={`${row.kind} ${row.id}`} className="account-row">
            <span className="account-row-words">
              <span className="medium">{row.name}</span>
              <span className="muted dense">
                {t(`factors.kind.${row.kind}`, {
                  date: formatDate(new Date(row.createdAt).toISOString(), language.get()),
                })}
              </span>
            </span>
            <Button onClick={() => remove.mutate(row)} disabled={remove.isPending}>
              {t('factors.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {failure && <FailureNotice title={t('factors.failed')} failure={failure} />}
      {isAdding && <NewAuthenticatorForm onCodes={onCodes} onDone={() => setIsAdding(false)} />}
      <div className="account-actions">
        {!isAdding && <Button onClick={() => setIsAdding(true)}>{t('factors.addApp')}</Button>}
        {canPasskey && (
          <Button
            loading={passkey.isPending}
            onClick={() =>
              passkey.mutate(t('factors.passkeyName'), { onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes) })
            }
          >
            {t('factors.addPasskey')}
          </Button>
        )}
        {unlinked.map(({ id, name }) => (
          <Button key={id} loading={link.isPending} onClick={() => link.mutate(id)}>
            {t('factors.link', { name })}
          </Button>
        ))}
        {hasFactor && (
          <Button
            loading={codes.isPending}
            onClick={() => codes.mutate(undefined, { onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes) })}
          >
            {t('factors.newCodes')}
          </Button>
        )}
      </div>
    </Card>
  );
}
