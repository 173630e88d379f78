import { Button, Input, Select } from 'antd';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type PractitionerView, useSave } from './directory.resource.ts';
import { Field, useFocusOnFault } from './field.tsx';
import { faultsOf } from './institution.form.tsx';
import { useTerms } from './use-terms.ts';

const empty = {
  name: '',
  pinyin: '',
  sex: 'unknown',
  birthDate: '',
  licence: '',
  title: '',
  licensedFrom: '',
  licensedUntil: '',
  phone: '',
};
const texts = ['name', 'pinyin', 'licence', 'phone'] as const;
const days = ['birthDate', 'licensedFrom', 'licensedUntil'] as const;

/** Somebody new, or what is known of somebody. */
export function PractitionerForm({
  person,
  onDone,
}: {
  person?: PractitionerView['practitioner'];
  onDone: () => void;
}) {
  const { t } = useTranslation('directory');
  const navigate = useNavigate();
  const [id] = useState(() => person?.id ?? crypto.randomUUID());
  const [fields, setFields] = useState({ ...empty, ...(person && pick(person)) });
  const save = useSave();
  const faults = faultsOf(save.error);
  const form = useRef<HTMLFormElement>(null);
  useFocusOnFault(form, save.error);
  const set = (changes: Partial<typeof empty>) => setFields({ ...fields, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const done = () => {
      onDone();
      if (!person) void navigate(`/directory/staff/${id}`);
    };
    save.mutate({ kind: 'practitioner', id, version: person?.version, input: fields }, { onSuccess: done });
  };
  return (
    <Card title={person ? t('person.edit') : t('person.new')}>
      <form ref={form} className="directory-form" onSubmit={submit} noValidate>
        {texts.map((name) => (
          <Field
            key={name}
            name={name}
            label={t(name === 'name' ? 'person.name' : `form.${name}`)}
            faults={faults}
            isRequired={name === 'name' || name === 'licence'}
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
        ))}
        <SexAndTitle sex={fields.sex} title={fields.title} faults={faults} onChange={set} />
        {days.map((name) => (
          <Field key={name} name={name} label={t(`form.${name}`)} faults={faults}>
            {(control) => (
              <Input
                {...control}
                type="date"
                value={fields[name]}
                onChange={({ target }) => set({ [name]: target.value })}
              />
            )}
          </Field>
        ))}
        {save.error && faults.size === 0 && <FailureNotice title={t('form.failed')} failure={save.error} />}
        <div className="directory-actions">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {person ? t('form.save') : t('person.save')}
          </Button>
          <Button onClick={onDone}>{t('cancel')}</Button>
          {faults.size > 0 && <span role="alert">{t('form.faults', { count: faults.size })}</span>}
        </div>
      </form>
    </Card>
  );
}

const pick = (person: PractitionerView['practitioner']): typeof empty => {
  const names = Object.keys(empty) as (keyof typeof empty)[];
  return Object.fromEntries(names.map((name) => [name, person[name]])) as typeof empty;
};

interface SexAndTitleProps {
  sex: string;
  title: string;
  faults: ReturnType<typeof faultsOf>;
  onChange: (changes: { sex: string } | { title: string }) => void;
}

function SexAndTitle({ sex, title, faults, onChange }: SexAndTitleProps) {
  const { t } = useTranslation('directory');
  const { options } = useTerms();
  const sexes = (['female', 'male', 'other', 'unknown'] as const).map((one) => ({
    value: one,
    label: t(`sex.${one}`),
  }));
  return (
    <>
      <Field name="sex" label={t('form.sex')} faults={faults}>
        {(control) => (
          <Select {...control} value={sex} options={sexes} onChange={(one: string) => onChange({ sex: one })} />
        )}
      </Field>
      <Field name="title" label={t('form.titleOf')} faults={faults}>
        {(control) => (
          <Select
            {...control}
            showSearch={{ optionFilterProp: 'label' }}
            value={title || undefined}
            options={options('titles')}
            onChange={(one: string | undefined) => onChange({ title: one ?? '' })}
            allowClear
          />
        )}
      </Field>
    </>
  );
}
