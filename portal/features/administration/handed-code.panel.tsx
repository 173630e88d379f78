import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Handed } from './people.resource.ts';

/** The code with which somebody sets their password: shown to the administrator, once. */
export function HandedCode({ handed, onDone }: { handed: Handed; onDone: () => void }) {
  const { t } = useTranslation('administration');
  return (
    <section className="card handed-code" role="status">
      <p>{t('handed.text', { name: handed.name })}</p>
      <code className="handed-code-text">{handed.code}</code>
      <p className="muted">{t('handed.how', { address: `${window.location.origin}/sign-in/set-up` })}</p>
      <Button onClick={onDone}>{t('handed.done')}</Button>
    </section>
  );
}
