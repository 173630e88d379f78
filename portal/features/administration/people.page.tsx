import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { Icon } from '../../ui/icon/icon.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { HandedCode } from './handed-code.panel.tsx';
import { NewPersonForm } from './new-person.form.tsx';
import { type Handed, usePeople } from './people.resource.ts';
import { PersonRow } from './person-row.panel.tsx';
import './people.css';

/** Who may sign in and as what; the text that is looked for stands in the address. */
export function AccountsPage() {
  const { t } = useTranslation('administration');
  usePageTitle(t('title'));
  const [address, setAddress] = useSearchParams();
  const text = address.get('q') ?? '';
  const people = usePeople(text);
  const [isAdding, setIsAdding] = useState(false);
  const [handed, setHanded] = useState<Handed>();
  return (
    <div className="accounts">
      <div className="accounts-head">
        <h1 className="accounts-title">{t('title')}</h1>
        <Input
          className="accounts-search"
          prefix={<Icon name="search" />}
          placeholder={t('search')}
          aria-label={t('search')}
          value={text}
          onChange={({ target }) => setAddress(target.value ? { q: target.value } : {}, { replace: true })}
          allowClear
        />
        <Button type="primary" onClick={() => setIsAdding(true)} disabled={isAdding}>
          {t('add')}
        </Button>
      </div>
      {handed && <HandedCode handed={handed} onDone={() => setHanded(undefined)} />}
      {isAdding && <NewPersonForm onAdded={setHanded} onDone={() => setIsAdding(false)} />}
      <QueryContent
        query={people}
        failureTitle={t('failed')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[2, 3, 1]} rows={10} height={64} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.people);
          if (rows.length === 0) return <Empty title={t('none.title')} text={t('none.text')} />;
          return (
            <Card title={t('list')} meta={people.hasNextPage ? undefined : t('count', { count: rows.length })}>
              <ul className="accounts-rows">
                {rows.map((person) => (
                  <PersonRow key={person.id} person={person} onHanded={setHanded} />
                ))}
              </ul>
            </Card>
          );
        }}
      </QueryContent>
      <MoreBelow query={people} label={t('more')} busyLabel={t('busy')} failureTitle={t('failed')} />
    </div>
  );
}
