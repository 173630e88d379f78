import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type HolderView, type Scope, useHolderAct } from './health-code.resource.ts';

const scopes: readonly Scope[] = ['identity', 'visit', 'prescriptions', 'insurance', 'payment'];

/** What the code may open; before the first time, nothing is chosen. */
export function ScopesPanel({ view, patient }: { view: HolderView; patient: string | undefined }) {
  const { t } = useTranslation('health-code');
  const [chosen, setChosen] = useState<readonly Scope[]>(view.scopes);
  const act = useHolderAct(patient);
  const isSame = chosen.length === view.scopes.length && chosen.every((scope) => view.scopes.includes(scope));
  const toggle = (scope: Scope) =>
    setChosen(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope]);
  return (
    <Card title={t(view.isOn ? 'scopes.title' : 'scopes.first')}>
      <div className="code-form">
        {!view.isOn && <p>{t('scopes.intro')}</p>}
        {scopes.map((scope) => (
          <Checkbox key={scope} checked={chosen.includes(scope)} onChange={() => toggle(scope)}>
            <span className="medium">{t(`scope.${scope}`)}</span>
            <span className="muted dense code-scope-words">{t(`scopeWords.${scope}`)}</span>
          </Checkbox>
        ))}
        {act.error && <FailureNotice title={t('failed.act')} failure={act.error} />}
        <Button
          type={isSame ? 'default' : 'primary'}
          disabled={isSame}
          loading={act.isPending}
          onClick={() => act.mutate({ path: 'scopes', body: { scopes: chosen } })}
        >
          {t(view.isOn ? 'scopes.save' : 'scopes.turnOn')}
        </Button>
      </div>
    </Card>
  );
}
