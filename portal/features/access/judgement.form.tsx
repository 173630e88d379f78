import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type Judgement, useJudge } from './access.resource.ts';

/** Whether an opening was justified; what was not needs a word. */
export function JudgementForm({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation('access');
  const [note, setNote] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const judge = useJudge();
  const field = useId();
  const decide = (judgement: Judgement) => {
    const isNeeded = judgement === 'not-justified' && note.trim() === '';
    setIsMissing(isNeeded);
    if (!isNeeded && !judge.isPending) judge.mutate({ id, judgement, note: note.trim() }, { onSuccess: onDone });
  };
  return (
    <div className="judgement-form">
      <label htmlFor={field} className="emergency-label">
        {t('judgement.note')}
      </label>
      <Input.TextArea
        id={field}
        value={note}
        onChange={({ target }) => setNote(target.value)}
        maxLength={2000}
        autoSize={{ minRows: 2, maxRows: 6 }}
        status={isMissing ? 'error' : ''}
        aria-invalid={isMissing}
        aria-describedby={`${field}-fault`}
      />
      <p id={`${field}-fault`} className="emergency-fault" role="alert">
        {isMissing ? t('judgement.missing') : ''}
      </p>
      <div className="judgement-buttons">
        <Button type="primary" onClick={() => decide('justified')} loading={judge.isPending}>
          {t('judgement.justified')}
        </Button>
        <Button onClick={() => decide('not-justified')} disabled={judge.isPending}>
          {t('judgement.not-justified')}
        </Button>
        <Button type="text" onClick={onDone}>
          {t('judgement.later')}
        </Button>
      </div>
      {judge.error && <FailureNotice title={t('judgement.failed')} failure={judge.error} />}
    </div>
  );
}
