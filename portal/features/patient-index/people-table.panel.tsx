import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { DiedTag } from '../../ui/died/died-tag.tsx';
import { NameText } from '../../ui/human-name/human-name.tsx';
import { endingOf, printRecordNumber } from '../../ui/identifier/identifier.ts';
import { useKeys } from '../../ui/keys/use-keys.ts';
import { useAgeAndBirth } from '../../ui/person-banner/age-text.ts';
import type { Person } from '../../ui/person-banner/person.ts';

/** One row a person; J and K move the selection, Enter opens it. */
export function PeopleTable({ people }: { people: readonly Person[] }) {
  const { t } = useTranslation('patient-index');
  const navigate = useNavigate();
  const [selected, setSelected] = useState(-1);
  const move = (by: number) => setSelected((row) => Math.min(people.length - 1, Math.max(0, row + by)));
  const chosen = people[selected];
  const open = chosen && (() => void navigate(`/people/${chosen.id}`));
  useKeys({ j: () => move(1), k: () => move(-1), ...(open && { Enter: open }) });
  return (
    <table className="people">
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
      <tbody>
        {people.map((person, row) => (
          <PersonRow key={person.id} person={person} isSelected={row === selected} />
        ))}
      </tbody>
    </table>
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
      <td className="people-id figures">
        <Labelled label={t('idEnding', { ending: person.idCard ? endingOf(person.idCard) : '–' })}>
          {person.idCard ? endingOf(person.idCard) : '–'}
        </Labelled>
      </td>
      <td className="people-record figures">{person.recordNumber ? printRecordNumber(person.recordNumber) : '–'}</td>
      <td className="people-phone figures">{person.phones[0] ?? '–'}</td>
      <td className="people-address">{person.address ?? '–'}</td>
    </tr>
  );
}

/** On the phone a value carries its own label, since the head of the table is not there. */
function Labelled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <span className="people-plain">{children}</span>
      <span className="people-labelled">{label}</span>
    </>
  );
}
