import { Button, Input, type InputRef } from 'antd';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../session/session.resource.ts';
import { Card } from '../../ui/card/card.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { type Place, useScan } from './health-code.resource.ts';
import { OpenedPanel } from './opened.panel.tsx';
import { Refused } from './refused.tsx';
import './health-code.css';

const CameraPanel = lazy(() => import('./camera.panel.tsx').then((module) => ({ default: module.CameraPanel })));

const placeOfRole: Partial<Record<string, Place>> = { pharmacist: 'pharmacy', cashier: 'cashier' };

/** At the counter: a code is scanned, by hand scanner, camera or typed digits, and what it opens stands below. */
export function ScanPage() {
  const { t } = useTranslation('health-code');
  usePageTitle(t('scan.title'));
  const role = useSession().data?.person?.role ?? '';
  const place = placeOfRole[role] ?? 'reception';
  const [code, setCode] = useState('');
  const [hasCamera, setCamera] = useState(false);
  const input = useRef<InputRef>(null);
  const scan = useScan();
  const take = (text: string) => {
    setCamera(false);
    if (text.trim() !== '') scan.mutate({ code: text, at: place }, { onSettled: () => setCode('') });
  };
  const again = () => {
    scan.reset();
    setCode('');
    setTimeout(() => input.current?.focus());
  };
  return (
    <div className="code-page">
      <header className="code-head">
        <h1>{t('scan.title')}</h1>
        <p className="medium">{t(`place.${place}`)}</p>
      </header>
      {!scan.data && (
        <Card title={t('scan.input')}>
          <form
            className="code-form"
            onSubmit={(event) => {
              event.preventDefault();
              take(code);
            }}
          >
            <Input
              ref={input}
              autoFocus
              size="large"
              value={code}
              onChange={({ target }) => setCode(target.value)}
              aria-label={t('scan.input')}
              autoComplete="off"
              spellCheck={false}
            />
            <p className="muted dense">{t('scan.hint')}</p>
            <div className="code-actions">
              <Button type="primary" htmlType="submit" loading={scan.isPending} disabled={code.trim() === ''}>
                {t('scan.take')}
              </Button>
              <Button onClick={() => setCamera(!hasCamera)}>{t(hasCamera ? 'scan.stopCamera' : 'scan.camera')}</Button>
            </div>
            {hasCamera && (
              <Suspense>
                <CameraPanel onCode={take} />
              </Suspense>
            )}
            {scan.error && <Refused failure={scan.error} />}
          </form>
        </Card>
      )}
      {scan.data && <OpenedPanel key={scan.data.token} scanned={scan.data} onAgain={again} />}
    </div>
  );
}
