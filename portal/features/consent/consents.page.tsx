import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type ConsentView, useConsents, useProxies, useVocabulary } from './consent.resource.ts';
import { ConsentEntry } from './consent-entry.panel.tsx';
import { ProxiesPanel } from './proxies.panel.tsx';
import './consent.css';

/** A resident's consents: what waits, what is open, what is closed, who may act for them. */
export function ConsentsPage() {
  const { t } = useTranslation('consent');
  usePageTitle(t('title'));
  const [address] = useSearchParams();
  const patient = address.get('for') ?? undefined;
  const consents = useConsents(patient);
  const forWhom = patient === undefined ? '' : `?for=${encodeURIComponent(patient)}`;
  return (
    <div className="consent-page">
      <header className="consent-head">
        <h1>{t('title')}</h1>
        <WhoseRecord patient={patient} />
      </header>
      <nav className="consent-ways" aria-label={t('ways')}>
        <Link to={`/consents/give${forWhom}`}>{t('way.give')}</Link>
        <Link to={`/consents/close${forWhom}`}>{t('way.close')}</Link>
        <Link to={`/consents/receipt${forWhom}`}>{t('way.receipt')}</Link>
        {patient === undefined && <Link to="/consents/mandate">{t('way.mandate')}</Link>}
      </nav>
      <QueryContent
        query={consents}
        failureTitle={t('failed.list')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[3, 1]} rows={5} height={64} />
          </div>
        }
      >
        {(content) => <Lists consents={content.consents} isCut={content.next !== undefined} />}
      </QueryContent>
      <ProxiesPanel patient={patient} />
    </div>
  );
}

/** Oneself, or somebody for whom one may act. */
function WhoseRecord({ patient }: { patient: string | undefined }) {
  const { t } = useTranslation('consent');
  const [, setAddress] = useSearchParams();
  const wards = useProxies(undefined).data?.wards ?? [];
  if (wards.length === 0) return null;
  const options = wards.map(({ reference, display }) => ({ value: reference.replace('Patient/', ''), label: display }));
  return (
    <Select
      aria-label={t('whose')}
      value={patient ?? ''}
      onChange={(value) => setAddress(value === '' ? {} : { for: value })}
      options={[{ value: '', label: t('myself') }, ...options]}
    />
  );
}

const isOpen = ({ state }: ConsentView) => state === 'granted' || state === 'narrowed';

function Lists({ consents, isCut }: { consents: readonly ConsentView[]; isCut: boolean }) {
  const { t } = useTranslation('consent');
  const waiting = consents.filter(({ state }) => state === 'requested');
  const open = consents.filter((one) => isOpen(one) && one.kind === 'sharing');
  const closed = consents.filter((one) => isOpen(one) && one.kind === 'closing');
  const past = consents.filter((one) => one.state !== 'requested' && !isOpen(one));
  return (
    <>
      {waiting.length > 0 && <List title={t('list.waiting')} consents={waiting} />}
      <List title={t('list.open')} consents={open} empty={t('empty.open')} />
      {closed.length > 0 && <List title={t('list.closed')} consents={closed} />}
      {past.length > 0 && <List title={t('list.past')} consents={past} />}
      {isCut && <Nothing>{t('cut')}</Nothing>}
    </>
  );
}

function List({ title, consents, empty }: { title: string; consents: readonly ConsentView[]; empty?: string }) {
  const vocabulary = useVocabulary().data;
  return (
    <Card title={title} meta={consents.length > 0 ? <span className="figures">{consents.length}</span> : undefined}>
      {consents.length === 0 && <Nothing>{empty}</Nothing>}
      <ul className="consent-list">
        {consents.map((consent) => (
          <ConsentEntry key={consent.id} consent={consent} vocabulary={vocabulary} />
        ))}
      </ul>
    </Card>
  );
}
