import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { Icon } from '../../ui/icon/icon.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type OrganizationFilter, useOrganizations, useStanding } from './directory.resource.ts';
import { DirectoryNav } from './directory-nav.tsx';
import { DivisionField } from './division-field.tsx';
import { OrganizationRows } from './organization-rows.panel.tsx';
import { useTerms } from './use-terms.ts';

const groups = ['hospital', 'primary', 'pharmacy', 'centre', 'authority', 'insurer'] as const;
const levels = ['3', '2', '1', '0'] as const;

/** Institutions of the region; what they are filtered by stands in the address. */
export function OrganizationsPage() {
  const { t } = useTranslation('directory');
  usePageTitle(t('title'));
  const standing = useStanding().data;
  const [address, setAddress] = useSearchParams();
  const filter: OrganizationFilter = {
    text: address.get('q') ?? '',
    kind: address.get('kind') ?? '',
    grade: address.get('grade') ?? '',
    division: address.get('division') ?? '',
    state: address.get('state') ?? '',
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
        <h1 className="directory-title">{t('title')}</h1>
        <DirectoryNav maySeeStaff={standing?.maySeeStaff ?? false} mayEdit={standing?.mayEdit ?? false} />
        {standing?.mayEdit && (
          <Link to="/directory/new" className="directory-new">
            <Button type="primary">{t('new.action')}</Button>
          </Link>
        )}
      </div>
      <Filters filter={filter} placeName={address.get('place') ?? ''} onChoose={choose} />
      <Found filter={filter} onClear={() => setAddress({}, { replace: true })} />
    </div>
  );
}

interface FiltersProps {
  filter: OrganizationFilter;
  placeName: string;
  onChoose: (changes: Record<string, string>) => void;
}

function Filters({ filter, placeName, onChoose }: FiltersProps) {
  const { t } = useTranslation('directory');
  const { options, kinds } = useTerms();
  const kindOptions = groups.map((group) => ({
    label: t(`group.${group}`),
    title: group,
    options: [
      { value: group, label: t('filter.allOf', { group: t(`group.${group}`) }) },
      ...options('kinds').filter(({ value }) => kinds.find(({ code }) => code === value)?.group === group),
    ],
  }));
  const gradeOptions = [
    ...levels.map((level) => ({ value: level, label: t(`level.${level}`) })),
    ...options('grades').filter(({ value }) => value.length > 1),
  ];
  return (
    <search className="directory-filters">
      <TextFilter text={filter.text} onChange={(q) => onChoose({ q })} label={t('filter.text')} />
      <Select
        aria-label={t('filter.kind')}
        placeholder={t('filter.kind')}
        value={filter.kind || undefined}
        options={kindOptions}
        onChange={(kind: string | undefined) => onChoose({ kind: kind ?? '' })}
        allowClear
      />
      <Select
        aria-label={t('filter.grade')}
        placeholder={t('filter.grade')}
        value={filter.grade || undefined}
        options={gradeOptions}
        onChange={(grade: string | undefined) => onChoose({ grade: grade ?? '' })}
        allowClear
      />
      <DivisionField
        label={t('filter.division')}
        value={filter.division}
        name={placeName}
        onChange={(division, place) => onChoose({ division, place })}
        mayBeEmpty
      />
      <Select
        aria-label={t('filter.state')}
        value={filter.state || 'open'}
        options={(['open', 'closed', 'all'] as const).map((state) => ({ value: state, label: t(`state.${state}`) }))}
        onChange={(state: string) => onChoose({ state: state === 'open' ? '' : state })}
      />
    </search>
  );
}

const typingPauseMs = 250;

/** Looks once the typing has paused. */
export function TextFilter({
  text,
  label,
  onChange,
}: {
  text: string;
  label: string;
  onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onChange(typed.trim()), typingPauseMs);
    return () => clearTimeout(timer);
  });
  return (
    <Input
      className="directory-text"
      prefix={<Icon name="search" />}
      placeholder={label}
      aria-label={label}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onPressEnter={() => onChange(typed.trim())}
      allowClear
    />
  );
}

function Found({ filter, onClear }: { filter: OrganizationFilter; onClear: () => void }) {
  const { t } = useTranslation('directory');
  const found = useOrganizations(filter);
  return (
    <div aria-busy={found.isFetching}>
      <QueryContent
        query={found}
        failureTitle={t('failed')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[4, 2, 1, 3]} rows={12} height={44} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap(({ organizations }) => organizations);
          if (rows.length === 0) {
            return (
              <Empty title={t('none.title')} text={t('none.text')}>
                <Button onClick={onClear}>{t('none.clear')}</Button>
              </Empty>
            );
          }
          const total = pages[0]?.total;
          return (
            <Card
              title={
                <span className="figures" aria-live="polite">
                  {t('count', { count: total ?? rows.length })}
                </span>
              }
              meta={t('byName')}
            >
              <OrganizationRows organizations={rows} />
            </Card>
          );
        }}
      </QueryContent>
      <MoreBelow query={found} label={t('more')} busyLabel={t('busy')} failureTitle={t('failed')} />
    </div>
  );
}
