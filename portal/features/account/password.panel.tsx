import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { useChangePassword } from './account.resource.ts';

export function PasswordPanel() {
  const { t } = useTranslation('account');
  const [present, setPresent] = useState('');
  const [password, setPassword] = useState('');
  const change = useChangePassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { present, password },
      {
        onSuccess: () => {
          setPresent('');
          setPassword('');
        },
      },
    );
  };
  return (
    <Card title={t('password.title')}>
      <form className="account-form" onSubmit={submit}>
        <label htmlFor="present-password">{t('password.present')}</label>
        <Input.Password
          id="present-password"
          value={present}
          onChange={(event) => setPresent(event.target.value)}
          autoComplete="current-password"
        />
        <label htmlFor="new-password">{t('password.new')}</label>
        <Input.Password
          id="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="new-password"
        />
        <p className="muted small">{t('password.rule')}</p>
        {change.error && <FailureNotice title={t('password.failed')} failure={change.error} />}
        {change.isSuccess && <p role="status">{t('password.done')}</p>}
        <Button htmlType="submit" loading={change.isPending} disabled={present === '' || password === ''}>
          {t('password.action')}
        </Button>
      </form>
    </Card>
  );
}
