import { Button, Checkbox } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { listText } from '../../ui/list-text/list-text.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import type { InteractionView, useDecision } from './authorize.resource.ts';
import { PatientPicker } from './patient-picker.panel.tsx';
import { type AskedFor, groupScopes, plainScopes } from './scope-groups.ts';

interface DecisionFormProps {
  view: InteractionView;
  decision: ReturnType<typeof useDecision>;
}

/** What the application would see and change, group by group, and whose record it is about. */
export function DecisionForm({ view, decision }: DecisionFormProps) {
  const { t } = useTranslation('authorize');
  const asked = groupScopes(view.scopes);
  const plain = plainScopes(view.scopes);
  const [withheld, setWithheld] = useState<readonly string[]>([]);
  const [patient, setPatient] = useState(view.patient.id ?? undefined);
  const needsPatient = view.patient.state === 'needed' && patient === undefined;
  const granted = asked.filter(({ group }) => !withheld.includes(group));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const scopes = [...plain, ...granted.flatMap((group) => group.scopes)];
    decision.mutate({
      scopes,
      ...(patient && { patient }),
      ...(view.encounter.id && { encounter: view.encounter.id }),
    });
  };
  const toggle = (group: string) =>
    setWithheld(withheld.includes(group) ? withheld.filter((one) => one !== group) : [...withheld, group]);
  return (
    <form className="card authorize-form" onSubmit={submit}>
      <h1 className="authorize-title">{t('question', { application: view.application.name })}</h1>
      <p className="muted">{t('as', { person: view.person.display })}</p>
      <ul className="authorize-groups">
        {asked.map((group) => (
          <li key={group.group}>
            <Checkbox checked={!withheld.includes(group.group)} onChange={() => toggle(group.group)}>
              <GroupText asked={group} />
            </Checkbox>
          </li>
        ))}
      </ul>
      <ul className="authorize-plain muted dense">
        {plain.includes('openid') && <li>{t('plain.identity')}</li>}
        {plain.includes('offline_access') && <li>{t('plain.offline')}</li>}
      </ul>
      {view.patient.state === 'needed' && view.patient.id === null && (
        <PatientPicker chosen={patient} onChoose={setPatient} />
      )}
      {decision.error && <FailureNotice title={t('notDecided')} failure={decision.error} />}
      <div className="authorize-actions">
        <Button type="primary" size="large" htmlType="submit" loading={decision.isPending} disabled={needsPatient}>
          {t('allow')}
        </Button>
        <Button size="large" onClick={() => decision.mutate('refuse')} disabled={decision.isPending}>
          {t('refuse')}
        </Button>
      </div>
      <p className="muted small">{t('later')}</p>
    </form>
  );
}

function GroupText({ asked: { group, types, canChange, parts } }: { asked: AskedFor }) {
  const { t } = useTranslation('authorize');
  const locale = language.use();
  const what = group === 'other' ? t('group.other', { types: listText(types, locale) }) : t(`group.${group}`);
  return (
    <>
      <span className="medium">{t(canChange ? 'change' : 'read', { what })}</span>
      {parts.length > 0 && <span className="muted"> {t('part', { parts: listText(parts, locale) })}</span>}
    </>
  );
}
