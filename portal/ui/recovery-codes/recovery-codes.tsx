import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import '../card/card.css';
import './recovery-codes.css';

/** The codes for the day on which a telephone is lost: shown once, to be written down. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation('ui');
  const [isCopied, setIsCopied] = useState(false);
  const copy = () => void navigator.clipboard?.writeText(codes.join('\n')).then(() => setIsCopied(true));
  return (
    <section className="card recovery-codes">
      <h2 className="recovery-codes-title">{t('recoveryCodes.title')}</h2>
      <p className="muted">{t('recoveryCodes.text')}</p>
      <ol className="recovery-codes-list">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="recovery-codes-actions">
        <Button onClick={copy}>{isCopied ? t('recoveryCodes.copied') : t('recoveryCodes.copy')}</Button>
        <Button onClick={() => window.print()}>{t('recoveryCodes.print')}</Button>
        <Button type="primary" onClick={onDone}>
          {t('recoveryCodes.done')}
        </Button>
      </div>
    </section>
  );
}
