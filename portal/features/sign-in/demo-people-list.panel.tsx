import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { language, wordsIn } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { initialsOf } from '../../ui/human-name/human-name.ts';
import { NameText } from '../../ui/human-name/human-name.tsx';
import { Icon } from '../../ui/icon/icon.tsx';
import { listText } from '../../ui/list-text/list-text.ts';
import { type DemoPerson, findDemoPeople } from './demo-people.ts';

interface DemoPeopleListProps {
  people: readonly DemoPerson[];
  text: string;
  onChoose: (person: DemoPerson) => void;
  empty: ReactNode;
}

/** Staff and residents side by side, each row a button. */
export function DemoPeopleList({ people, text, onChoose, empty }: DemoPeopleListProps) {
  const { t } = useTranslation('sign-in');
  const { t: shell } = useTranslation('shell');
  const found = findDemoPeople(people, text, (person) => shell(`role.${person.role}`));
  if (found.length === 0) return <div className="card">{empty}</div>;
  const staff = found.filter((person) => person.role !== 'resident');
  const residents = found.filter((person) => person.role === 'resident');
  const groups = [
    { title: t('staff'), members: staff },
    { title: t('residents'), members: residents },
  ].filter((group) => group.members.length > 0);
  return (
    <div className="demo-people">
      {groups.map(({ title, members }) => (
        <Card key={title} title={title} meta={t('count', { count: members.length })}>
          <ul className="demo-people-rows">
            {members.map((person) => (
              <DemoPersonRow key={person.id} person={person} onChoose={onChoose} />
            ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}

function DemoPersonRow({ person, onChoose }: { person: DemoPerson; onChoose: (person: DemoPerson) => void }) {
  const { t } = useTranslation('shell');
  const name = { characters: person.name.zh, latin: person.name.en };
  const locale = language.use();
  const about =
    person.role === 'resident'
      ? [wordsIn(locale, person.description)]
      : [t(`role.${person.role}`), wordsIn(locale, person.organization)];
  return (
    <li>
      <button type="button" className="demo-person" onClick={() => onChoose(person)}>
        <span className="demo-person-disc" aria-hidden="true">
          {initialsOf(name)}
        </span>
        <span className="demo-person-words">
          <NameText name={name} />
          <span className="muted dense">{listText(about, locale)}</span>
        </span>
        <Icon name="right" />
      </button>
    </li>
  );
}
