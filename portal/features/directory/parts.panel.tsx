import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type OrganizationView, useSave } from './directory.resource.ts';
import { Field } from './field.tsx';
import { faultsOf } from './institution.form.tsx';
import { useTerms } from './use-terms.ts';

/** Departments and services of an institution, with forms for new ones. */
export function PartsPanel({ view, mayEdit }: { view: OrganizationView; mayEdit: boolean }) {
  const { t } = useTranslation('directory');
  const { name, word } = useTerms();
  const [adding, setAdding] = useState<'department' | 'service'>();
  const { departments, services, organization } = view;
  const add = (kind: 'department' | 'service') =>
    mayEdit && !organization.isDepartment ? (
      <Button size="small" onClick={() => setAdding(kind)} disabled={adding === kind}>
        {t(`part.${kind}`)}
      </Button>
    ) : undefined;
  const form = (kind: 'department' | 'service') =>
    adding === kind && <PartForm kind={kind} parent={organization.id} onDone={() => setAdding(undefined)} />;
  return (
    <>
      {!organization.isDepartment && (
        <Card title={t('departments')} meta={add('department')}>
          {form('department')}
          {departments.length === 0 && <Nothing>{t('part.noDepartments')}</Nothing>}
          <ul className="directory-rows">
            {departments.map((department) => (
              <li key={department.id}>
                <Link to={`/directory/${department.id}`}>{name(department.name, department.english)}</Link>
                <span className="muted small">{word('departments', department.department)}</span>
                {!department.isActive && <span className="tag tag-outline">{t('closed')}</span>}
                <span className="directory-edge figures small">{department.phone}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {(services.length > 0 || mayEdit) && !organization.isDepartment && (
        <Card title={t('services')} meta={add('service')}>
          {form('service')}
          {services.length === 0 && <Nothing>{t('part.noServices')}</Nothing>}
          <ul className="directory-rows">
            {services.map((service) => (
              <li key={service.id}>
                <span className="medium">{name(service.name, service.english)}</span>
                <span className="muted small">{service.hours}</span>
                <span className="directory-edge figures small">{service.phone}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

interface PartFormProps {
  kind: 'department' | 'service';
  parent: string;
  onDone: () => void;
}

function PartForm({ kind, parent, onDone }: PartFormProps) {
  const { t } = useTranslation('directory');
  const { options } = useTerms();
  const [id] = useState(() => crypto.randomUUID());
  const [fields, setFields] = useState({ name: '', english: '', department: '', phone: '', hours: '' });
  const save = useSave();
  const faults = faultsOf(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ kind, id, input: { ...fields, parent, organization: parent } }, { onSuccess: onDone });
  };
  const names =
    kind === 'department' ? (['name', 'english', 'phone'] as const) : (['name', 'english', 'hours', 'phone'] as const);
  return (
    <form className="directory-form" onSubmit={submit} noValidate>
      <Field name="department" label={t('form.department')} faults={faults} isRequired={kind === 'department'}>
        {(control) => (
          <Select
            {...control}
            showSearch={{ optionFilterProp: 'label' }}
            value={fields.department || undefined}
            options={options('departments')}
            onChange={(department: string) => setFields({ ...fields, department })}
          />
        )}
      </Field>
      {names.map((name) => (
        <Field
          key={name}
          name={name}
          label={t(`form.${name}`)}
          faults={faults}
          isRequired={name === 'name' && kind === 'service'}
        >
          {(control) => (
            <Input
              {...control}
              value={fields[name]}
              onChange={({ target }) => setFields({ ...fields, [name]: target.value })}
            />
          )}
        </Field>
      ))}
      {save.error && faults.size === 0 && <FailureNotice title={t('form.failed')} failure={save.error} />}
      <div className="directory-actions">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t(`part.${kind}`)}
        </Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
