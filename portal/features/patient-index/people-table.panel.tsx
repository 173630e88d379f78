import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useIsPhone } from '../../settings/screen.ts';
import { DiedTag } from '../../ui/died/died-tag.tsx';
import { NameText } from '../../ui/human-name/human-name.tsx';
import { endingOf, printRecordNumber } from '../../ui/identifier/identifier.ts';
import { useKeys } from '../../ui/keys/use-keys.ts';
import { useAgeAndBirth } from '../../ui/person-banner/age-text.ts';
import type { Person } from '../../ui/person-banner/person.ts';

/** One row a person; J and K move the selection, Enter opens it. */
export function PeopleTable({ people }: { people: readonly Person[] }) {
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const [selected, setSelected] = useState(-1);
  const move = (by: number) => setSelected((row) => Math.min(people.length - 1, Math.max(0, row + by)));
  const chosen = people[selected];
  const open = chosen && (() => void navigate(`/people/${chosen.id}`));
  useKeys({ j: () => move(1), k: () => move(-1), ...(open && { Enter: open }) });
  if (isPhone) return <PeopleList people={people} />;
  return (
    <table className="people">
      <Head />
      <tbody>
        {people.map((person, row) => (
          <PersonRow key={person.id} person={person} isSelected={row === selected} />
        ))}
      </tbody>
    </table>
  );
}

function Head() {
  const { t } = useTranslation('patient-index');
  return (
    <thead>
      <tr>
        <th scope="col">{t('column.name')}</th>
        <th scope="col">{t('column.sex')}</th>
        <th scope="col">{t('column.age')}</th>
        <th scope="col">{t('column.idEnding')}</th>
        <th scope="col">{t('column.record')}</th>
        <th scope="col">{t('column.phone')}</th>
        <th scope="col">{t('column.address')}</th>
      </tr>
    </thead>
  );
}

function PersonRow({ person, isSelected }: { person: Person; isSelected: boolean }) {
  const { t } = useTranslation('ui');
  const ageAndBirth = useAgeAndBirth();
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  return (
    <tr ref={row} className={isSelected ? 'people-selected' : undefined} aria-selected={isSelected}>
      <th scope="row" className="people-name">
        <div className="people-name-line">
          <Link to={`/people/${person.id}`}>
            <NameText name={person.name} />
          </Link>
          <DiedTag died={person.died} />
        </div>
      </th>
      <td className="people-sex">{t(`sex.${person.sex}`)}</td>
      <td className="people-age figures">{ageAndBirth(person)}</td>
      <td className="people-id figures">{person.idCard ? endingOf(person.idCard) : '–'}</td>
      <td className="people-record figures">{person.recordNumber ? printRecordNumber(person.recordNumber) : '–'}</td>
      <td className="people-phone figures">{person.phones[0] ?? '–'}</td>
      <td className="people-address">{person.address ?? '–'}</td>
    </tr>
  );
}

/** The same people where a table has no room. */
function PeopleList({ people }: { people: readonly Person[] }) {
  const { t } = useTranslation('ui');
  const ageAndBirth = useAgeAndBirth();
  return (
    <ul>
      {people.map((person) => (
        <li key={person.id}>
          <Link to={`/people/${person.id}`} className="people-item">
            <span className="people-name-line">
              <NameText name={person.name} />
              <DiedTag died={person.died} />
            </span>
            <span className="people-facts figures">
              <span>{t(`sex.${person.sex}`)}</span>
              <span>{ageAndBirth(person)}</span>
              {person.idCard && <span>{t('idEnding', { ending: endingOf(person.idCard) })}</span>}
            </span>
            {person.address && <span className="people-facts">{person.address}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}
