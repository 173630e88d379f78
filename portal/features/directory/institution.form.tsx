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
  const navigate = useNavigate();
  const before = view?.organization;
  const [id] = useState(() => before?.id ?? crypto.randomUUID());
  const [fields, setFields] = useState({ ...empty, ...(before && pick(before)) });
  const [figures, setFigures] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(before?.figures ?? {}).map(([code, value]) => [code, `${value}`])),
  );
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
  return (
    <Card title={before ? t('form.title') : t('new.title')}>
      <form ref={form} className="directory-form" onSubmit={submit} noValidate>
        {texts.map((name) => text(name))}
        <KindAndGrade kind={fields.kind} grade={fields.grade} faults={faults} onChange={set} />
        <PlaceField
          code={fields.division}
          name={view?.branch[0]?.name}
          faults={faults}
          onChange={(division) => set({ division })}
        />
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
        <Figures figures={figures} faults={faults} onChange={setFigures} />
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

type Faults = ReturnType<typeof faultsOf>;

interface KindAndGradeProps {
  kind: string;
  grade: string;
  faults: Faults;
  onChange: (changes: { kind: string } | { grade: string }) => void;
}

function KindAndGrade({ kind, grade, faults, onChange }: KindAndGradeProps) {
  const { t } = useTranslation('directory');
  const { options } = useTerms();
  return (
    <>
      <Field name="kind" label={t('form.kind')} faults={faults} isRequired>
        {(control) => (
          <Select
            {...control}
            showSearch={{ optionFilterProp: 'label' }}
            value={kind || undefined}
            options={options('kinds')}
            onChange={(chosen: string) => onChange({ kind: chosen })}
          />
        )}
      </Field>
      <Field name="grade" label={t('form.grade')} faults={faults}>
        {(control) => (
          <Select
            {...control}
            value={grade || undefined}
            options={options('grades')}
            onChange={(chosen: string | undefined) => onChange({ grade: chosen ?? '' })}
            allowClear
          />
        )}
      </Field>
    </>
  );
}

interface PlaceFieldProps {
  code: string;
  /** Of the place that it had. */
  name: string | undefined;
  faults: Faults;
  onChange: (code: string) => void;
}

function PlaceField({ code, name, faults, onChange }: PlaceFieldProps) {
  const { t } = useTranslation('directory');
  const [chosen, setChosen] = useState(name);
  return (
    <Field name="division" label={t('form.division')} help={t('form.divisionHelp')} faults={faults} isRequired>
      {(control) => (
        <DivisionField
          id={control.id}
          value={code}
          name={chosen}
          onChange={(division, place) => {
            onChange(division);
            setChosen(place);
          }}
        />
      )}
    </Field>
  );
}

interface FiguresProps {
  figures: Readonly<Record<string, string>>;
  faults: Faults;
  onChange: (figures: Record<string, string>) => void;
}

/** What the institution declares; the long list of equipment is opened by those who need it. */
function Figures({ figures, faults, onChange }: FiguresProps) {
  const { t } = useTranslation('directory');
  const { figures: terms, word } = useTerms();
  const figure = ({ code, unit }: (typeof terms)[number]) => (
    <Field key={code} name={`figures.${code}`} label={word('figures', code)} faults={faults}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          suffix={unit}
          value={figures[code] ?? ''}
          onChange={({ target }) => onChange({ ...figures, [code]: target.value })}
        />
      )}
    </Field>
  );
  const isEquipment = ({ code }: { code: string }) => code.startsWith('equipment.');
  return (
    <>
      <p className="directory-part">{t('form.figures')}</p>
      {terms.filter((term) => !isEquipment(term)).map(figure)}
      <details className="directory-more" open={[...faults.keys()].some((name) => name.includes('.equipment.'))}>
        <summary>{t('form.equipment')}</summary>
        <div className="directory-form">{terms.filter(isEquipment).map(figure)}</div>
      </details>
    </>
  );
}
