import { Button, Input, type InputRef } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useIsPhone } from '../../settings/screen.ts';
import { formatTime } from '../../ui/date-time/date-time.ts';
import { Icon } from '../../ui/icon/icon.tsx';
import { useKeys } from '../../ui/keys/use-keys.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { PeopleTable } from './people-table.panel.tsx';
import { type FoundPeople, useFoundPeople } from './resident-search.resource.ts';
import { parseSearch } from './search-query.ts';
import '../../ui/card/card.css';
import './resident-search.css';

/** Looks for a resident by whatever is at hand; the address keeps what was typed. */
export function ResidentSearchPage() {
  const { t } = useTranslation('patient-index');
  usePageTitle(t('title'));
  const [address, setAddress] = useSearchParams();
  const text = address.get('q') ?? '';
  const search = (next: string) => setAddress(next === '' ? {} : { q: next }, { replace: true });
  const found = useFoundPeople(text);
  return (
    <div className="people-page">
      <div className="people-head">
        <h1 className="people-title">{t('title')}</h1>
        <SearchField key={text === '' ? 'empty' : 'filled'} text={text} onSearch={search} />
      </div>
      <section className="card people-list" aria-busy={found.isFetching}>
        {!(found.error && found.data === undefined) && <ListHead found={found.data} text={text} />}
        {found.data === undefined ? (
          <Waiting failure={found.error} onRetry={() => void found.refetch()} />
        ) : (
          <People found={found.data} text={text} onClear={() => search('')} />
        )}
        <MoreBelow query={found} label={t('more')} busyLabel={t('loadingMore')} failureTitle={t('moreFailed')} />
      </section>
    </div>
  );
}

const typingPauseMs = 250;

function SearchField({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation('patient-index');
  const isPhone = useIsPhone();
  const field = useRef<InputRef>(null);
  const [typed, setTyped] = useState(text);
  useKeys({ '/': () => field.current?.focus({ cursor: 'all' }) });
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onSearch(typed.trim()), typingPauseMs);
    return () => clearTimeout(timer);
  });
  return (
    <Input
      ref={field}
      size="large"
      className="people-field"
      prefix={<Icon name="search" />}
      suffix={isPhone ? undefined : <kbd className="key">/</kbd>}
      placeholder={t(isPhone ? 'short' : 'search')}
      aria-label={t('search')}
      value={typed}
      allowClear
      autoFocus={!isPhone}
      onChange={(event) => setTyped(event.target.value)}
      onPressEnter={() => {
        onSearch(typed.trim());
        field.current?.blur();
      }}
      onKeyDown={(event) => event.key === 'Escape' && field.current?.blur()}
    />
  );
}

function ListHead({ found, text }: { found: FoundPeople | undefined; text: string }) {
  const { t } = useTranslation('patient-index');
  const { people = [], total, asOf } = found ?? {};
  const count = total === undefined ? t('foundSome', { count: people.length }) : t('found', { count: total });
  return (
    <header className="card-head">
      <h2 className="card-title figures" aria-live="polite">
        {found ? count : ' '}
      </h2>
      <span className="muted small">{found && people.length > 1 && t(text === '' ? 'recent' : 'byName')}</span>
      <span className="card-meta">
        {people.length > 0 && (
          <span className="people-keys">
            <Trans t={t} i18nKey="keys" components={[<kbd key="key" className="key" />]} />
          </span>
        )}
        {asOf && <span className="figures">{t('asOf', { time: formatTime(asOf, true) })}</span>}
      </span>
    </header>
  );
}

function Waiting({ failure, onRetry }: { failure: Error | null; onRetry: () => void }): ReactNode {
  const { t } = useTranslation('patient-index');
  if (failure) return <FailureNotice title={t('failed')} failure={failure} onRetry={onRetry} />;
  return <SkeletonRows columns={[3, 1, 2, 1, 1, 2, 4]} rows={12} height={41} />;
}

function People({ found, text, onClear }: { found: FoundPeople; text: string; onClear: () => void }) {
  const { t } = useTranslation('patient-index');
  if (found.people.length > 0) return <PeopleTable people={found.people} />;
  if (text === '') return <Empty title={t('empty.title')} text={t('empty.text')} />;
  const isName = parseSearch(text).kind === 'name';
  return (
    <Empty title={t('none.title', { text })} text={t(isName ? 'none.name' : 'none.number')}>
      <Button onClick={onClear}>{t('none.clear')}</Button>
    </Empty>
  );
}
