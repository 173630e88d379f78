import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/dialog/dialog.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { useBreakGlass } from './access.resource.ts';

const shortest = 10;
const longest = 1000;

/** Breaks the glass: says what follows from it, and asks why. */
export function OpenInEmergencyDialog({ patient, onDone }: { patient: string; onDone: () => void }) {
  const { t } = useTranslation('access');
  const [reason, setReason] = useState('');
  const [isTried, setIsTried] = useState(false);
  const field = useId();
  const open = useBreakGlass();
  const isShort = reason.trim().length < shortest;
  const submit = () => {
    setIsTried(true);
    if (!isShort && !open.isPending) open.mutate({ patient, reason: reason.trim() }, { onSuccess: onDone });
  };
  return (
    <Dialog
      title={t('dialog.title')}
      onClose={onDone}
      actions={
        <>
          <Button onClick={onDone}>{t('dialog.cancel')}</Button>
          <Button type="primary" onClick={submit} loading={open.isPending}>
            {t('dialog.open')}
          </Button>
        </>
      }
    >
      <ul className="emergency-consequences">
        <li>{t('dialog.who')}</li>
        <li>{t('dialog.told')}</li>
        <li>{t('dialog.reviewed')}</li>
      </ul>
      <label htmlFor={field} className="emergency-label">
        {t('dialog.reason')}
      </label>
      <Input.TextArea
        id={field}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
        maxLength={longest}
        autoSize={{ minRows: 3, maxRows: 8 }}
        status={isTried && isShort ? 'error' : ''}
        aria-invalid={isTried && isShort}
        aria-describedby={`${field}-fault`}
        autoFocus
      />
      <p id={`${field}-fault`} className="emergency-fault" role="alert">
        {isTried && isShort ? t('dialog.short', { count: shortest }) : ''}
      </p>
      {open.error && <FailureNotice title={t('dialog.failed')} failure={open.error} />}
    </Dialog>
  );
}
