import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { useGiveRole } from './people.resource.ts';
import { RoleFields } from './role-fields.tsx';

/** Another role for somebody, to a last day if there is one. */
export function GiveRoleForm({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation('administration');
  const [role, setRole] = useState({ role: '', organization: '' });
  const [lastDay, setLastDay] = useState('');
  const give = useGiveRole();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const organization = role.organization.trim() || undefined;
    const until = lastDay === '' ? undefined : endOfDay(lastDay);
    give.mutate({ id, role: role.role, organization, until }, { onSuccess: onDone });
  };
  return (
    <form className="accounts-form accounts-row-form" onSubmit={submit}>
      <RoleFields id={`give-${id}`} {...role} onChange={setRole} />
      <div className="accounts-field">
        <label htmlFor={`give-${id}-until`}>{t('lastDay')}</label>
        <Input
          id={`give-${id}-until`}
          type="date"
          value={lastDay}
          onChange={({ target }) => setLastDay(target.value)}
        />
      </div>
      {give.error && <FailureNotice title={t('changeFailed')} failure={give.error} />}
      <div className="accounts-actions">
        <Button type="primary" htmlType="submit" loading={give.isPending} disabled={role.role === ''}>
          {t('giveRole')}
        </Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  );
}

/** The role lasts to the end of that day, here. */
function endOfDay(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + 1).toISOString();
}
