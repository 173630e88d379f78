import { Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

interface ReasonFieldProps {
  value: string;
  isMissing: boolean;
  onChange: (value: string) => void;
}

/** Why something is decided so; it is kept with the decision. */
export function ReasonField({ value, isMissing, onChange }: ReasonFieldProps) {
  const { t } = useTranslation('patient-index');
  const id = useId();
  return (
    <div className="decision-reason">
      <label htmlFor={id}>{t('decision.reason')}</label>
      <Input.TextArea
        id={id}
        value={value}
        maxLength={1000}
        autoSize={{ minRows: 3, maxRows: 8 }}
        status={isMissing ? 'error' : ''}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      />
      <span id={`${id}-help`} className={isMissing ? 'form-error' : 'muted small'}>
        {t(isMissing ? 'decision.reasonMissing' : 'decision.reasonHelp')}
      </span>
    </div>
  );
}
