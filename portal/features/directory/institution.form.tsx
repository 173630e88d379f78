import { Button, Input, Select } from 'antd';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { RequestFailure } from '../../http/request-failure.ts';
import { Card } from '../../ui/card/card.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type OrganizationView, useSave } from './directory.resource.ts';
import { DivisionField } from './division-field.tsx';
import { Field, useFocusOnFault } from './field.tsx';
import { OrganizationField } from './organization-field.tsx';
import { useTerms } from './use-terms.ts';

const texts = ['name', 'english'] as const;
const codes = ['creditCode', 'institutionCode', 'insuranceCode'] as const;
const required = new Set<string>(['name', 'creditCode']);
const empty = {
  name: '',
  english: '',
  kind: '',
  grade: '',
  division: '',
  creditCode: '',
  institutionCode: '',
  insuranceCode: '',
  phone: '',
  line: '',
  parent: '',
};

/** What is wrong with which field, of the request that failed. */
export const faultsOf = (failure: Error | null) =>
  failure instanceof RequestFailure ? failure.faults : new Map<string, never>();

/** A new institution, or what is known of one. */
export function InstitutionForm({ view, onDone }: { view?: OrganizationView; onDone?: () => void }) {
  const { t } = useTranslation('directory');
  const { options, figures: figureTerms, word } = useTerms();
  const navigate = useNavigate();
  const before = view?.organization;
  const [id] = useState(() => before?.id ?? crypto.randomUUID());
  const [fields, setFields] = useState({ ...empty, ...(before && pick(before)) });
  const [figures, setFigures] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(before?.figures ?? {}).map(([code, value]) => [code, `${value}`])),
  );
  const [placeName, setPlaceName] = useState(view?.branch[0]?.name ?? '');
  const save = useSave();
  const faults = faultsOf(save.error);
  const form = useRef<HTMLFormElement>(null);
  useFocusOnFault(form, save.error);
  const set = (changes: Partial<typeof empty>) => setFields({ ...fields, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { kind: 'organization', id, version: before?.version, input: { ...fields, figures } },
      { onSuccess: () => (onDone ? onDone() : void navigate(`/directory/${id}`)) },
    );
  };
  const text = (name: keyof typeof empty, help?: string) => (
    <Field
      key={name}
      name={name}
      label={t(`form.${name}`)}
      faults={faults}
      isRequired={required.has(name)}
      {...(help && { help })}
    >
      {(control) => (
        <Input
          {...control}
          value={fields[name]}
          onChange={({ target }) => set({ [name]: target.value })}
          autoComplete="off"
        />
      )}
    </Field>
  );
  const figure = ({ code, unit }: (typeof figureTerms)[number]) => (
    <Field key={code} name={`figures.${code}`} label={word('figures', code)} faults={faults}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          suffix={unit}
          value={figures[code] ?? ''}
          onChange={({ target }) => setFigures({ ...figures, [code]: target.value })}
        />
      )}
    </Field>
  );
  return (
    <Card title={before ? t('form.title') : t('new.title')}>
      <form ref={form} className="directory-form" onSubmit={submit} noValidate>
        {texts.map((name) => text(name))}
        <Field name="kind" label={t('form.kind')} faults={faults} isRequired>
          {(control) => (
            <Select
              {...control}
              showSearch={{ optionFilterProp: 'label' }}
              value={fields.kind || undefined}
              options={options('kinds')}
              onChange={(kind: string) => set({ kind })}
            />
          )}
        </Field>
        <Field name="grade" label={t('form.grade')} faults={faults}>
          {(control) => (
            <Select
              {...control}
              value={fields.grade || undefined}
              options={options('grades')}
              onChange={(grade: string | undefined) => set({ grade: grade ?? '' })}
              allowClear
            />
          )}
        </Field>
        <Field name="division" label={t('form.division')} help={t('form.divisionHelp')} faults={faults} isRequired>
          {(control) => (
            <DivisionField
              id={control.id}
              value={fields.division}
              name={placeName}
              onChange={(division, name) => {
                set({ division });
                setPlaceName(name);
              }}
            />
          )}
        </Field>
        {text('line', t('form.lineHelp'))}
        {text('phone')}
        {codes.map((name) => text(name, name === 'creditCode' ? t('form.creditCodeHelp') : undefined))}
        <Field name="parent" label={t('form.parent')} faults={faults}>
          {(control) => (
            <OrganizationField
              id={control.id}
              value={fields.parent}
              name={before?.parentName}
              onChange={(parent) => set({ parent })}
            />
          )}
        </Field>
        <p className="directory-part">{t('form.figures')}</p>
        {figureTerms.filter(({ code }) => !code.startsWith('equipment.')).map(figure)}
        <details className="directory-more" open={[...faults.keys()].some((name) => name.includes('.equipment.'))}>
          <summary>{t('form.equipment')}</summary>
          <div className="directory-form">
            {figureTerms.filter(({ code }) => code.startsWith('equipment.')).map(figure)}
          </div>
        </details>
        {save.error && faults.size === 0 && <FailureNotice title={t('form.failed')} failure={save.error} />}
        <div className="directory-actions">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {before ? t('form.save') : t('new.save')}
          </Button>
          {onDone && <Button onClick={onDone}>{t('cancel')}</Button>}
          {faults.size > 0 && <span role="alert">{t('form.faults', { count: faults.size })}</span>}
        </div>
      </form>
    </Card>
  );
}

const pick = (organization: OrganizationView['organization']): typeof empty => {
  const names = Object.keys(empty) as (keyof typeof empty)[];
  return Object.fromEntries(names.map((name) => [name, organization[name]])) as typeof empty;
};
