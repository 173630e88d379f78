import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { CodePanel } from './code.panel.tsx';
import { useHolder, useWards } from './health-code.resource.ts';
import { PaperPanel } from './paper.panel.tsx';
import { PaymentsPanel } from './payments.panel.tsx';
import { ScopesPanel } from './scopes.panel.tsx';
import { UsesPanel } from './uses.panel.tsx';
import './health-code.css';

/** The code of a resident, or of somebody for whom they act: to show it, and to say what it may open. */
export function MyCodePage() {
  const { t } = useTranslation('health-code');
  usePageTitle(t('title'));
  const [address] = useSearchParams();
  const patient = address.get('for') ?? undefined;
  const holder = useHolder(patient);
  return (
    <div className="code-page">
      <header className="code-head">
        <h1>{t('title')}</h1>
        <WhoseCode patient={patient} />
      </header>
      <QueryContent
        query={holder}
        failureTitle={t('failed.holder')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[3, 1]} rows={5} height={64} />
          </div>
        }
      >
        {(view) => (
          <>
            <PaymentsPanel view={view} patient={patient} />
            {view.isOn && <CodePanel key={patient ?? ''} patient={patient} isFrozen={view.isFrozen} />}
            <ScopesPanel key={`scopes ${patient ?? ''}`} view={view} patient={patient} />
            {view.isOn && <PaperPanel view={view} patient={patient} />}
            <UsesPanel uses={view.uses} />
          </>
        )}
      </QueryContent>
    </div>
  );
}

function WhoseCode({ patient }: { patient: string | undefined }) {
  const { t } = useTranslation('health-code');
  const [, setAddress] = useSearchParams();
  const wards = useWards().data?.wards ?? [];
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
