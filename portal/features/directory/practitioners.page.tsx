import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type PractitionerPage, usePractitioners, useStanding } from './directory.resource.ts';
import { DirectoryNav } from './directory-nav.tsx';
import { DivisionField } from './division-field.tsx';
import { ExpiryTag } from './expiry-tag.tsx';
import { TextFilter } from './organizations.page.tsx';
import { PractitionerForm } from './practitioner.form.tsx';
import { useTerms } from './use-terms.ts';

/** People who work in health care, by name, licence, role and branch. */
export function PractitionersPage() {
  const { t } = useTranslation('directory');
  const { options } = useTerms();
  usePageTitle(t('nav.staff'));
  const standing = useStanding().data;
  const [isAdding, setIsAdding] = useState(false);
  const [address, setAddress] = useSearchParams();
  const filter = {
    text: address.get('q') ?? '',
    role: address.get('role') ?? '',
    division: address.get('division') ?? '',
  };
  const choose = (changes: Record<string, string>) => {
    const next = new URLSearchParams(address);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    setAddress(next, { replace: true });
  };
  return (
    <div className="directory">
      <div className="directory-head">
        <h1 className="directory-title">{t('nav.staff')}</h1>
        <DirectoryNav maySeeStaff={standing?.maySeeStaff ?? false} mayEdit={standing?.mayEdit ?? false} />
        {standing?.mayEdit && (
          <Button type="primary" className="directory-new" onClick={() => setIsAdding(true)} disabled={isAdding}>
            {t('person.new')}
          </Button>
        )}
      </div>
      {isAdding && <PractitionerForm onDone={() => setIsAdding(false)} />}
      <search className="directory-filters">
        <TextFilter text={filter.text} onChange={(q) => choose({ q })} label={t('filter.person')} />
        <Select
          aria-label={t('form.role')}
          placeholder={t('form.role')}
          value={filter.role || undefined}
          options={options('roles')}
          onChange={(role: string | undefined) => choose({ role: role ?? '' })}
          allowClear
        />
        <DivisionField
          label={t('filter.division')}
          value={filter.division}
          name={address.get('place') ?? ''}
          onChange={(division, place) => choose({ division, place })}
          mayBeEmpty
        />
      </search>
      <FoundPeople filter={filter} onClear={() => setAddress({}, { replace: true })} />
    </div>
  );
}

function FoundPeople({
  filter,
  onClear,
}: {
  filter: { text: string; role: string; division: string };
  onClear: () => void;
}) {
  const { t } = useTranslation('directory');
  const found = usePractitioners(filter);
  return (
    <div aria-busy={found.isFetching}>
      <QueryContent
        query={found}
        failureTitle={t('staffFailed')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[2, 2, 3]} rows={12} height={44} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap(({ practitioners }) => practitioners);
          if (rows.length === 0) {
            return (
              <Empty title={t('person.none')} text={t('none.text')}>
                <Button onClick={onClear}>{t('none.clear')}</Button>
              </Empty>
            );
          }
          return (
            <Card
              title={<span className="figures">{t('people', { count: pages[0]?.total ?? rows.length })}</span>}
              meta={t('byName')}
            >
              <ul className="directory-rows">
                {rows.map((person) => (
                  <PersonRow key={person.id} person={person} />
                ))}
              </ul>
            </Card>
          );
        }}
      </QueryContent>
      <MoreBelow query={found} label={t('more')} busyLabel={t('busy')} failureTitle={t('staffFailed')} />
    </div>
  );
}

function PersonRow({ person }: { person: PractitionerPage['practitioners'][number] }) {
  const { t } = useTranslation('directory');
  const { name, word } = useTerms();
  const [first, ...others] = person.registrations;
  return (
    <li>
      <Link to={`/directory/staff/${person.id}`} className="medium">
        {name(person.name, person.pinyin)}
      </Link>
      <span className="muted small figures">{person.licence}</span>
      <span className="muted small">{person.title && word('titles', person.title)}</span>
      <span className="directory-edge small">
        {first ? `${word('roles', first.role)}, ${first.organizationName}` : t('person.nowhere')}
        {others.length > 0 && ` ${t('person.others', { count: others.length })}`}{' '}
        <ExpiryTag expiry={first?.expiry} until={first?.until ?? ''} what="registration" />
      </span>
    </li>
  );
}
