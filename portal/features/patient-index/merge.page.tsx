import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { MergeView } from '../../../src/modules/patient-index/index.ts';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate, formatTimeOf } from '../../ui/date-time/date-time.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { useMerge, useUnmerge, useUnmergePreview } from './duplicates.resource.ts';
import { PatientName } from './patient-name.tsx';
import { usePatientName } from './patient-names.resource.ts';
import { PlacementPanel } from './placement.panel.tsx';
import { ReasonField } from './reason-field.tsx';
import { useTypeCounts } from './type-counts.ts';
import './duplicates.css';

/** One merge: who, why, and what its undoing would do. */
export function MergePage() {
  const { t } = useTranslation('patient-index');
  const { merge = '' } = useParams();
  usePageTitle(t('merge.title', { number: merge }));
  const record = useMerge(merge);
  return (
    <div className="duplicates-page">
      <header className="pair-head">
        <Link to="/duplicates/merges" className="pair-back">
          {t('merges.title')}
        </Link>
        <h1 className="pair-title figures">{t('merge.title', { number: merge })}</h1>
      </header>
      <QueryContent
        query={record}
        failureTitle={t('merge.failed')}
        skeleton={
          <section className="card">
            <SkeletonRows columns={[1, 3]} rows={5} height={36} />
          </section>
        }
      >
        {(view) => (
          <div className="merge-cards">
            <Facts view={view} />
            {!view.unmerged && <Undo view={view} />}
          </div>
        )}
      </QueryContent>
    </div>
  );
}

function Facts({ view }: { view: MergeView }) {
  const { t } = useTranslation('patient-index');
  const locale = language.use();
  const decided = ({ byName, at }: MergeView['merged']) =>
    t('decision.by', { name: byName, date: formatDate(at, locale), time: formatTimeOf(at) });
  return (
    <Card title={t('merge.facts')} meta={t(view.unmerged ? 'merge.undone' : 'merges.stands')}>
      <dl className="facts">
        <dt>{t('merge.source')}</dt>
        <dd>
          <Link to={`/people/${view.source}`}>
            <PatientName id={view.source} />
          </Link>
        </dd>
        <dt>{t('merge.target')}</dt>
        <dd>
          <Link to={`/people/${view.target}`}>
            <PatientName id={view.target} />
          </Link>
        </dd>
        <dt>{t('merges.moved')}</dt>
        <dd className="figures">{t('merges.resources', { count: view.items })}</dd>
        <dt>{t('merges.why')}</dt>
        <dd>
          {view.merged.reason}
          <br />
          <span className="muted small figures">{decided(view.merged)}</span>
        </dd>
        {view.unmerged && (
          <>
            <dt>{t('merge.undone')}</dt>
            <dd>
              {view.unmerged.reason}
              <br />
              <span className="muted small figures">{decided(view.unmerged)}</span>
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}

const fates = ['undecided', 'restored', 'returned', 'moved', 'stays', 'gone'] as const;

/** First what would happen, then the undoing itself. */
function Undo({ view }: { view: MergeView }) {
  const { t } = useTranslation('patient-index');
  const counts = useTypeCounts();
  const [isAsked, setIsAsked] = useState(false);
  const preview = useUnmergePreview(view.merge, isAsked);
  if (!isAsked) {
    return (
      <Card title={t('unmerge.title')}>
        <div className="decision-part">
          <p>{t('unmerge.about')}</p>
          <Button onClick={() => setIsAsked(true)}>{t('unmerge.preview')}</Button>
        </div>
      </Card>
    );
  }
  return (
    <Card title={t('unmerge.title')}>
      <QueryContent
        query={preview}
        failureTitle={t('unmerge.previewFailed')}
        skeleton={<SkeletonRows columns={[2, 3]} rows={4} height={36} />}
      >
        {(plan) => (
          <div className="decision-part">
            <dl className="facts">
              {fates.map((fate) => {
                const types = plan.counts[fate];
                return types === undefined ? null : (
                  <div key={fate} className="facts-row">
                    <dt>{t(`fate.${fate}`)}</dt>
                    <dd className="figures">{counts(types)}</dd>
                  </div>
                );
              })}
            </dl>
            <PlacementPanel view={view} plan={plan} />
            <UndoForm view={view} isDecided={plan.counts.undecided === undefined} />
          </div>
        )}
      </QueryContent>
    </Card>
  );
}

function UndoForm({ view, isDecided }: { view: MergeView; isDecided: boolean }) {
  const { t } = useTranslation('patient-index');
  const [reason, setReason] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const unmerge = useUnmerge(view.merge);
  const source = usePatientName(view.source) ?? view.source;
  const isMissing = isAsked && reason.trim() === '';
  const send = () => {
    setIsAsked(true);
    if (reason.trim() !== '' && !unmerge.isPending) unmerge.mutate(reason.trim());
  };
  return (
    <>
      <ReasonField value={reason} isMissing={isMissing} onChange={setReason} />
      {unmerge.error && <FailureNotice title={t('unmerge.failed')} failure={unmerge.error} />}
      {!isDecided && <p className="form-error">{t('unmerge.decideFirst')}</p>}
      <Button type="primary" disabled={!isDecided} loading={unmerge.isPending} onClick={send}>
        {t('unmerge.action', { name: source })}
      </Button>
    </>
  );
}
