import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { language, wordsIn } from '../../settings/language.ts';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { NameText } from '../../ui/human-name/human-name.tsx';
import { Icon } from '../../ui/icon/icon.tsx';
import { listText } from '../../ui/list-text/list-text.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { GiveRoleForm } from './give-role.form.tsx';
import { type Handed, type PersonView, useEndRole, useLock, useReset } from './people.resource.ts';

/** One account: who, in which roles, and what an administrator may do about it. */
export function PersonRow({ person, onHanded }: { person: PersonView; onHanded: (handed: Handed) => void }) {
  const { t } = useTranslation('administration');
  const [isGiving, setIsGiving] = useState(false);
  const lock = useLock();
  const reset = useReset();
  const endRole = useEndRole();
  const { id, name, display, isLocked } = person;
  const failure = lock.error ?? reset.error ?? endRole.error;
  return (
    <li className="accounts-row">
      <div className="accounts-person">
        <NameText name={{ characters: display.zh, latin: display.en }} />
        <span className="muted dense">
          {listText([name, person.phone, person.hasPassword ? undefined : t('noPassword')], language.use())}
        </span>
        {isLocked && (
          <span className="accounts-locked">
            <Icon name="lock" /> {t('locked')}
          </span>
        )}
      </div>
      <ul className="accounts-roles">
        {person.roles.map((role) => (
          <RoleLine
            key={role.id}
            role={role}
            onEnd={() => endRole.mutate({ id, role: role.id })}
            isBusy={endRole.isPending}
          />
        ))}
      </ul>
      <div className="accounts-actions">
        <Button onClick={() => setIsGiving(!isGiving)}>{t('giveRole')}</Button>
        <Popconfirm
          title={t('reset.question', { name })}
          okText={t('reset.action')}
          cancelText={t('cancel')}
          onConfirm={() => reset.mutate({ id, name }, { onSuccess: onHanded })}
        >
          <Button loading={reset.isPending}>{t('reset.action')}</Button>
        </Popconfirm>
        <Button onClick={() => lock.mutate({ id, isLocked: !isLocked })} loading={lock.isPending}>
          {isLocked ? t('unlock') : t('lock')}
        </Button>
      </div>
      {failure && <FailureNotice title={t('changeFailed')} failure={failure} />}
      {isGiving && <GiveRoleForm id={id} onDone={() => setIsGiving(false)} />}
    </li>
  );
}

interface RoleLineProps {
  role: PersonView['roles'][number];
  onEnd: () => void;
  isBusy: boolean;
}

function RoleLine({ role, onEnd, isBusy }: RoleLineProps) {
  const { t } = useTranslation('administration');
  const { t: shell } = useTranslation('shell');
  const locale = language.use();
  const place = role.organizationName ? wordsIn(locale, role.organizationName) : (role.organization ?? undefined);
  const end = role.until === null ? undefined : formatDate(new Date(role.until).toISOString(), locale);
  const words = listText([shell(`role.${role.role}`), place, end && t('until', { date: end })], locale);
  return (
    <li className={role.isOver ? 'accounts-role muted' : 'accounts-role'}>
      <span>{role.isOver ? t('over', { role: words }) : words}</span>
      {!role.isOver && (
        <Button size="small" type="link" onClick={onEnd} disabled={isBusy}>
          {t('endRole')}
        </Button>
      )}
    </li>
  );
}
