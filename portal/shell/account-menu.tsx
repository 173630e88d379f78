import { Button, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { homeOf, type SignedIn, useSignOut, useSwitchRole } from '../session/session.resource.ts';
import { language, wordsIn } from '../settings/language.ts';
import { SettingsChoices } from '../settings/switches.tsx';
import { initialsOf, nameIn } from '../ui/human-name/human-name.ts';
import { NameText } from '../ui/human-name/human-name.tsx';
import { Icon } from '../ui/icon/icon.tsx';
import { listText } from '../ui/list-text/list-text.ts';
import { FailureNotice } from '../ui/states/failure.tsx';

/** Who is signed in; opens to the account, other roles, language, appearance and the way out. */
export function AccountMenu({ person }: { person: SignedIn }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const name = { characters: person.name.zh, latin: person.name.en };
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      arrow={false}
      open={isOpen}
      onOpenChange={setIsOpen}
      content={<AccountPanel person={person} onLeave={() => setIsOpen(false)} />}
    >
      <button type="button" className="account">
        <span className="account-disc" aria-hidden="true">
          {initialsOf(name)}
        </span>
        <span className="visually-hidden">{t('account')}</span>
        <span className="account-words">
          <span className="medium">{nameIn(language.use(), name)}</span>
          <span className="muted small">{useRoleText(person)}</span>
        </span>
      </button>
    </Popover>
  );
}

/** The role, and where it is held. */
function useRoleText({ role, organization }: Pick<SignedIn, 'role' | 'organization'>): string {
  const { t } = useTranslation();
  const locale = language.use();
  return listText([t(`role.${role}`), organization ? wordsIn(locale, organization) : undefined], locale);
}

function AccountPanel({ person, onLeave }: { person: SignedIn; onLeave: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const leave = () => signOut.mutate(undefined, { onSuccess: () => void navigate('/sign-in') });
  return (
    <div className="account-panel">
      <div>
        <NameText name={{ characters: person.name.zh, latin: person.name.en }} />
        <p className="muted dense">{useRoleText(person)}</p>
        {person.isDemonstration && <p className="muted dense">{t('demo')}</p>}
      </div>
      <OtherRoles person={person} onLeave={onLeave} />
      <Link to="/account" onClick={onLeave} className="account-link">
        <Icon name="lock" /> {t('myAccount')}
      </Link>
      <SettingsChoices />
      <Button block onClick={leave} loading={signOut.isPending} icon={<Icon name="leave" />}>
        {t('signOut')}
      </Button>
    </div>
  );
}

/** The other roles that one may act in now. */
function OtherRoles({ person, onLeave }: { person: SignedIn; onLeave: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const locale = language.use();
  const switchRole = useSwitchRole();
  const others = person.roles.filter(({ id }) => id !== person.roleId);
  if (others.length === 0) return null;
  return (
    <div className="account-roles">
      <p className="muted small">{t('switchRole')}</p>
      {switchRole.error && <FailureNotice title={t('switchFailed')} failure={switchRole.error} />}
      {others.map(({ id, role, organization }) => (
        <Button
          key={id}
          block
          className="account-role"
          disabled={switchRole.isPending}
          onClick={() =>
            switchRole.mutate(id, {
              onSuccess: ({ person: next }) => {
                onLeave();
                void navigate(homeOf(next));
              },
            })
          }
        >
          {listText([t(`role.${role}`), organization ? wordsIn(locale, organization) : undefined], locale)}
        </Button>
      ))}
    </div>
  );
}
