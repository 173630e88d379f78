import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { QrCode } from '../../ui/qr-code/qr-code.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { beginAuthenticator, type NewAuthenticator, useFinishAuthenticator } from './account.resource.ts';

interface NewAuthenticatorFormProps {
  onCodes: (codes: readonly string[]) => void;
  onDone: () => void;
}

export function NewAuthenticatorForm(props: NewAuthenticatorFormProps) {
  const { t } = useTranslation('account');
  const begun = useQuery({
    queryKey: ['new-authenticator'],
    queryFn: beginAuthenticator,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <QueryContent
      query={begun}
      failureTitle={t('app.failed')}
      skeleton={<SkeletonRows columns={[1]} rows={4} height={48} />}
    >
      {(content) => <CodeForm begun={content} {...props} />}
    </QueryContent>
  );
}

function CodeForm({ begun, onCodes, onDone }: NewAuthenticatorFormProps & { begun: NewAuthenticator }) {
  const { t } = useTranslation('account');
  const [name, setName] = useState(t('app.phone'));
  const [code, setCode] = useState('');
  const finish = useFinishAuthenticator();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    finish.mutate(
      { ticket: begun.ticket, code, name },
      {
        onSuccess: ({ recoveryCodes }) => {
          onCodes(recoveryCodes);
          onDone();
        },
      },
    );
  };
  return (
    <form className="account-form" onSubmit={submit}>
      <p className="muted">{t('app.text')}</p>
      <QrCode text={begun.uri} label={t('app.qr')} />
      <code>{begun.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      <label htmlFor="app-name">{t('app.name')}</label>
      <Input id="app-name" value={name} onChange={(event) => setName(event.target.value)} maxLength={60} />
      <label htmlFor="app-code">{t('app.code')}</label>
      <Input
        id="app-code"
        value={code}
        onChange={(event) => setCode(event.target.value)}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
      />
      {finish.error && <FailureNotice title={t('app.failed')} failure={finish.error} />}
      <div className="account-actions">
        <Button type="primary" htmlType="submit" loading={finish.isPending} disabled={code === '' || name === ''}>
          {t('app.action')}
        </Button>
        <Button onClick={onDone}>{t('app.cancel')}</Button>
      </div>
    </form>
  );
}
