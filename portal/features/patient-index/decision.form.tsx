import { Button, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ReviewPairView } from '../../../src/modules/patient-index/index.ts';
import { useSession } from '../../session/session.resource.ts';
import { language } from '../../settings/language.ts';
import { Card } from '../../ui/card/card.tsx';
import { formatDate, formatTimeOf } from '../../ui/date-time/date-time.ts';
import { mainName } from '../../ui/human-name/human-name.ts';
import type { Person } from '../../ui/person-banner/person.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { isClaimed } from './duplicates.page.tsx';
import { type DecisionSent, useDecision, useMergePreview } from './duplicates.resource.ts';
import { ReasonField } from './reason-field.tsx';
import { useTypeCounts } from './type-counts.ts';

interface DecisionFormProps {
  view: ReviewPairView;
  left: Person;
  right: Person;
}

type Choice = 'left' | 'right' | 'different' | 'deferred';

/** One person, two persons, or not to be told yet: with the reason, which others will read. */
export function DecisionForm({ view, left, right }: DecisionFormProps) {
  const { t } = useTranslation('patient-index');
  const own = useSession().data?.person?.reference;
  if (view.state !== 'open' && view.state !== 'deferred') return <Decided view={view} />;
  const isTheirs = isClaimed(view) && view.claim?.by !== own;
  return (
    <Card title={t('decision.title')}>
      {isTheirs ? (
        <p className="decision-part">{t('decision.theirs', { name: view.claim?.byName })}</p>
      ) : (
        <Decide key={view.review} view={view} left={left} right={right} />
      )}
    </Card>
  );
}

function Decided({ view: { state, decision, merge } }: { view: ReviewPairView }) {
  const { t } = useTranslation('patient-index');
  const locale = language.use();
  const navigate = useNavigate();
  return (
    <Card title={t('decision.made')} meta={t(`state.${state}`)}>
      <div className="decision-part">
        {decision ? (
          <>
            <p>{decision.reason}</p>
            <p className="muted small figures">
              {t('decision.by', {
                name: decision.byName,
                date: formatDate(decision.at, locale),
                time: formatTimeOf(decision.at),
              })}
            </p>
          </>
        ) : (
          <p>{t('decision.withdrawn')}</p>
        )}
        {merge !== undefined && (
          <Button onClick={() => void navigate(`/duplicates/merges/${merge}`)}>{t('decision.toMerge')}</Button>
        )}
      </div>
    </Card>
  );
}

function Decide({ view, left, right }: DecisionFormProps) {
  const { t } = useTranslation('patient-index');
  const navigate = useNavigate();
  const [choice, setChoice] = useState<Choice>();
  const [reason, setReason] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const decision = useDecision(view.review, () => void navigate('/duplicates'));
  const survivor = choice === 'left' ? left : choice === 'right' ? right : undefined;
  const other = choice === 'left' ? right : left;
  const send = () => {
    setIsAsked(true);
    if (!choice || reason.trim() === '' || decision.isPending) return;
    decision.mutate(decisionOf(choice, reason.trim()));
  };
  return (
    <div className="decision-part">
      <Radio.Group
        value={choice}
        onChange={(event) => setChoice(event.target.value as Choice)}
        className="decision-choices"
        aria-label={t('decision.title')}
      >
        <Radio value="left">{t('decision.keepLeft', { name: mainName(left.name) })}</Radio>
        <Radio value="right">{t('decision.keepRight', { name: mainName(right.name) })}</Radio>
        <Radio value="different">{t('decision.different')}</Radio>
        <Radio value="deferred">{t('decision.deferred')}</Radio>
      </Radio.Group>
      {isAsked && !choice && <p className="form-error">{t('decision.choose')}</p>}
      {survivor && <Moves source={other} target={survivor} />}
      <ReasonField value={reason} isMissing={isAsked && reason.trim() === ''} onChange={setReason} />
      {decision.error && <FailureNotice title={t('decision.failed')} failure={decision.error} />}
      <Button type="primary" size="large" block loading={decision.isPending} onClick={send}>
        {survivor
          ? t(choice === 'left' ? 'decision.mergeIntoLeft' : 'decision.mergeIntoRight')
          : t(choice === 'deferred' ? 'decision.defer' : choice === 'different' ? 'decision.part' : 'decision.save')}
      </Button>
    </div>
  );
}

const decisionOf = (choice: Choice, reason: string): DecisionSent =>
  choice === 'left' || choice === 'right' ? { as: 'linked', survivor: choice, reason } : { as: choice, reason };

/** What the merge would carry. */
function Moves({ source, target }: { source: Person; target: Person }) {
  const { t } = useTranslation('patient-index');
  const counts = useTypeCounts();
  const preview = useMergePreview({ source: source.id, target: target.id });
  if (preview.error) {
    return (
      <FailureNotice
        title={t('decision.previewFailed')}
        failure={preview.error}
        onRetry={() => void preview.refetch()}
      />
    );
  }
  if (!preview.data) return <p className="muted small">{t('decision.counting')}</p>;
  const moves = Object.entries(preview.data.moves);
  const count = moves.reduce((sum, [, each]) => sum + each, 0);
  return (
    <div className="decision-moves" role="status">
      <strong className="figures">{t('decision.moves', { count })}</strong>
      <span className="figures">{counts(preview.data.moves)}</span>
      <span className="muted small">{t('decision.canUndo')}</span>
    </div>
  );
}
