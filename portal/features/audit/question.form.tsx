import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { useAsk } from './audit.resource.ts';
import { Labelled } from './labelled.tsx';

const longest = 1000;

interface QuestionFormProps {
  patient: string;
  event: number;
  name: string;
  onDone: () => void;
}

/** Asks the privacy officer about a look. */
export function QuestionForm({ patient, event, name, onDone }: QuestionFormProps) {
  const { t } = useTranslation('audit');
  const [text, setText] = useState('');
  const ask = useAsk(patient);
  const send = () => ask.mutate({ event, text: text.trim() }, { onSuccess: onDone });
  return (
    <div className="audit-form">
      <Labelled label={t('ask.label', { name })}>
        {(id) => (
          <Input.TextArea
            id={id}
            value={text}
            onChange={({ target }) => setText(target.value)}
            maxLength={longest}
            autoSize={{ minRows: 2, maxRows: 6 }}
            placeholder={t('ask.example')}
            autoFocus
          />
        )}
      </Labelled>
      <p className="muted dense">{t('ask.to')}</p>
      {ask.error && <FailureNotice title={t('ask.failed')} failure={ask.error} />}
      <div className="audit-actions">
        <Button type="primary" onClick={send} disabled={text.trim() === ''} loading={ask.isPending}>
          {t('ask.send')}
        </Button>
        <Button onClick={onDone} disabled={ask.isPending}>
          {t('ask.cancel')}
        </Button>
      </div>
    </div>
  );
}
