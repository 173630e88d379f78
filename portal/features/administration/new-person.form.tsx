import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type Handed, useAddPerson } from './people.resource.ts';
import { RoleFields } from './role-fields.tsx';

const nobody = { name: '', nameZh: '', nameEn: '', reference: '', phone: '', role: '', organization: '' };
const fields = ['name', 'nameZh', 'nameEn', 'reference', 'phone'] as const;

interface NewPersonFormProps {
  onAdded: (handed: Handed) => void;
  onDone: () => void;
}

export function NewPersonForm({ onAdded, onDone }: NewPersonFormProps) {
  const { t } = useTranslation('administration');
  const [person, setPerson] = useState(nobody);
  const add = useAddPerson();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const entries = Object.entries(person).filter(([, value]) => value !== '');
    add.mutate(
      {
        ...nobody,
        ...Object.fromEntries(entries),
        phone: person.phone || undefined,
        organization: person.organization || undefined,
      },
      {
        onSuccess: (handed) => {
          onAdded(handed);
          onDone();
        },
      },
    );
  };
  return (
    <Card title={t('new.title')}>
      <form className="accounts-form" onSubmit={submit}>
        {fields.map((field) => (
          <div key={field} className="accounts-field">
            <label htmlFor={`new-${field}`}>{t(`new.${field}`)}</label>
            <Input
              id={`new-${field}`}
              value={person[field]}
              onChange={({ target }) => setPerson({ ...person, [field]: target.value })}
              autoComplete="off"
              placeholder={field === 'reference' ? 'Practitioner/...' : undefined}
            />
          </div>
        ))}
        <RoleFields
          id="new"
          role={person.role}
          organization={person.organization}
          onChange={(next) => setPerson({ ...person, ...next })}
        />
        {add.error && <FailureNotice title={t('new.failed')} failure={add.error} />}
        <div className="accounts-actions">
          <Button type="primary" htmlType="submit" loading={add.isPending}>
            {t('new.action')}
          </Button>
          <Button onClick={onDone}>{t('cancel')}</Button>
        </div>
      </form>
    </Card>
  );
}
