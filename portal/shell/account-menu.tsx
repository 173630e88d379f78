import { Button, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type DemoPerson, useSignOut } from '../session/session.resource.ts';
import { language, wordsIn } from '../settings/language.ts';
import { SettingsChoices } from '../settings/switches.tsx';
import { initialsOf, nameIn } from '../ui/human-name/human-name.ts';
import { NameText } from '../ui/human-name/human-name.tsx';
import { Icon } from '../ui/icon/icon.tsx';
import { listText } from '../ui/list-text/list-text.ts';

/** Who is signed in; opens to language, appearance and the way out. */
export function AccountMenu({ person }: { person: DemoPerson }) {
  const { t } = useTranslation();
  const name = { characters: person.name.zh, latin: person.name.en };
  const place = wordsIn(language.use(), person.organization);
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} content={<AccountPanel person={person} />}>
      <button type="button" className="account">
        <span className="account-disc" aria-hidden="true">
          {initialsOf(name)}
        </span>
        <span className="visually-hidden">{t('account')}</span>
        <span className="account-words">
          <span className="medium">{nameIn(language.use(), name)}</span>
          <span className="muted small">{listText([t(`role.${person.role}`), place], language.get())}</span>
        </span>
      </button>
    </Popover>
  );
}

function AccountPanel({ person }: { person: DemoPerson }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const place = wordsIn(language.use(), person.organization);
  const leave = () => signOut.mutate(undefined, { onSuccess: () => void navigate('/sign-in') });
  return (
    <div className="account-panel">
      <div>
        <NameText name={{ characters: person.name.zh, latin: person.name.en }} />
        <p className="muted dense">{listText([t(`role.${person.role}`), place], language.get())}</p>
        <p className="muted dense">{t('demo')}</p>
      </div>
      <SettingsChoices />
      <Button block onClick={leave} loading={signOut.isPending} icon={<Icon name="leave" />}>
        {t('signOut')}
      </Button>
    </div>
  );
}
