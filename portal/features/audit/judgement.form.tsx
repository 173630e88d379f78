import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type ConcernState, type ConcernView, useJudge } from './audit.resource.ts';
import { Labelled } from './labelled.tsx';

const choices = ['fine', 'asked', 'incident'] as const;

/** What the privacy officer makes of it, with the reason; a resident who asked reads the reason as the answer. */
export function JudgementForm({ concern, onDone }: { concern: ConcernView; onDone: () => void }) {
  const { t } = useTranslation('audit');
  const [state, setState] = useState<ConcernState>();
  const [note, setNote] = useState('');
  const judge = useJudge();
  const { number, version, kinds } = concern;
  const isQuestion = kinds.includes('question');
  const save = () => state && judge.mutate({ number, version, state, note: note.trim() }, { onSuccess: onDone });
  return (
    <div className="audit-form">
      <Radio.Group value={state} onChange={({ target }) => setState(target.value as ConcernState)}>
        {choices.map((choice) => (
          <Radio key={choice} value={choice}>
            {t(`judge.${choice}`)}
          </Radio>
        ))}
      </Radio.Group>
      <Labelled label={t(isQuestion ? 'judge.answer' : 'judge.note')}>
        {(id) => (
          <Input.TextArea
            id={id}
            value={note}
            onChange={({ target }) => setNote(target.value)}
            maxLength={1000}
            autoSize={{ minRows: 2, maxRows: 6 }}
          />
        )}
      </Labelled>
      {isQuestion && <p className="muted dense">{t('judge.seen')}</p>}
      {judge.error && <FailureNotice title={t('judge.failed')} failure={judge.error} />}
      <div className="audit-actions">
        <Button type="primary" onClick={save} disabled={!state || note.trim() === ''} loading={judge.isPending}>
          {t('judge.save')}
        </Button>
        <Button onClick={onDone}>{t('ask.cancel')}</Button>
      </div>
    </div>
  );
}
