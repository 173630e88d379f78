import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { useMandates, useVocabulary } from './consent.resource.ts';
import { ConsentEntry } from './consent-entry.panel.tsx';
import './consent.css';

/** The registration desk decides, having seen the proof, who may act for a resident. */
export function MandatesPage() {
  const { t } = useTranslation('consent');
  usePageTitle(t('mandate.desk'));
  const mandates = useMandates();
  const vocabulary = useVocabulary().data;
  return (
    <div className="consent-page">
      <h1>{t('mandate.desk')}</h1>
      <QueryContent
        query={mandates}
        failureTitle={t('failed.list')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[3, 1]} rows={4} height={64} />
          </div>
        }
      >
        {({ consents }) =>
          consents.length === 0 ? (
            <Empty title={t('mandate.none')} text={t('mandate.noneText')} />
          ) : (
            <Card title={t('list.waiting')} meta={<span className="figures">{consents.length}</span>}>
              <ul className="consent-list">
                {consents.map((consent) => (
                  <ConsentEntry key={consent.id} consent={consent} vocabulary={vocabulary} isDesk />
                ))}
              </ul>
            </Card>
          )
        }
      </QueryContent>
    </div>
  );
}
