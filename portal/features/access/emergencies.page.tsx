import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty } from '../../ui/states/empty.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type ReviewState, useEmergencies, usePatientNames } from './access.resource.ts';
import { EmergencyRow } from './emergency-row.panel.tsx';
import './access.css';

/** The privacy officer's work: records that were opened in an emergency, to be judged. */
export function EmergenciesPage() {
  const { t } = useTranslation('access');
  usePageTitle(t('review.title'));
  const [address, setAddress] = useSearchParams();
  const state: ReviewState = address.get('state') === 'judged' ? 'judged' : 'open';
  const emergencies = useEmergencies(state);
  const rows = emergencies.data?.pages.flatMap(({ entries }) => entries) ?? [];
  const names = usePatientNames([...new Set(rows.map(({ patient }) => patient))]);
  return (
    <div className="emergencies">
      <div className="emergencies-head">
        <h1 className="emergencies-title">{t('review.title')}</h1>
        <Segmented<ReviewState>
          value={state}
          onChange={(next) => setAddress(next === 'judged' ? { state: next } : {}, { replace: true })}
          options={[
            { value: 'open', label: t('review.open') },
            { value: 'judged', label: t('review.judged') },
          ]}
        />
      </div>
      <QueryContent
        query={emergencies}
        failureTitle={t('review.failed')}
        skeleton={
          <div className="card">
            <SkeletonRows columns={[2, 3, 2]} rows={8} height={88} />
          </div>
        }
      >
        {() =>
          rows.length === 0 ? (
            <Empty title={t(`review.none.${state}`)} text={t(`review.noneText.${state}`)} />
          ) : (
            <Card title={t(`review.list.${state}`)} meta={t('review.newest')}>
              <ul className="emergencies-rows">
                {rows.map((emergency) => (
                  <EmergencyRow key={emergency.id} emergency={emergency} name={names.data?.get(emergency.patient)} />
                ))}
              </ul>
            </Card>
          )
        }
      </QueryContent>
      <MoreBelow
        query={emergencies}
        label={t('review.more')}
        busyLabel={t('review.busy')}
        failureTitle={t('review.failed')}
      />
    </div>
  );
}
