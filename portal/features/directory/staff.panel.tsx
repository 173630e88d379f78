import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type StaffPage, usePractitioners, useSave, useStaff } from './directory.resource.ts';
import { ExpiryTag } from './expiry-tag.tsx';
import { Field } from './field.tsx';
import { faultsOf } from './institution.form.tsx';
import { useTerms } from './use-terms.ts';

/** Who is registered at an institution. */
export function StaffPanel({ id, mayEdit }: { id: string; mayEdit: boolean }) {
  const { t } = useTranslation('directory');
  const staff = useStaff(id, true);
  const [isAdding, setIsAdding] = useState(false);
  const total = staff.data?.pages[0]?.total;
  const meta = (
    <>
      {total !== undefined && <span className="figures">{t('people', { count: total })}</span>}
      {mayEdit && (
        <Button size="small" onClick={() => setIsAdding(true)} disabled={isAdding}>
          {t('register.action')}
        </Button>
      )}
    </>
  );
  return (
    <Card title={t('staff')} meta={meta}>
      {isAdding && <RegisterForm organization={id} onDone={() => setIsAdding(false)} />}
      <QueryContent
        query={staff}
        failureTitle={t('staffFailed')}
        skeleton={<SkeletonRows columns={[2, 2, 2]} rows={6} />}
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.staff);
          if (rows.length === 0) return <Nothing>{t('noStaff')}</Nothing>;
          return (
            <ul className="directory-rows">
              {rows.map((one) => (
                <StaffRow key={one.id} one={one} />
              ))}
            </ul>
          );
        }}
      </QueryContent>
      <MoreBelow query={staff} label={t('more')} busyLabel={t('busy')} failureTitle={t('staffFailed')} />
    </Card>
  );
}

function StaffRow({ one }: { one: StaffPage['staff'][number] }) {
  const { t } = useTranslation('directory');
  const { word, name } = useTerms();
  const { person } = one;
  return (
    <li>
      <Link to={`/directory/staff/${one.practitioner}`} className="medium">
        {name(person?.name ?? one.practitionerName, person?.pinyin ?? '')}
      </Link>
      <span className="muted small">
        {[
          word('roles', one.role),
          one.department && word('departments', one.department),
          person?.title && word('titles', person.title),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {one.isMain && <span className="tag">{t('mainPlace')}</span>}
      <span className="directory-edge">
        <ExpiryTag expiry={one.expiry} until={one.until} what="registration" />
        <ExpiryTag expiry={one.licenceExpiry} until={person?.licensedUntil ?? ''} what="licence" />
      </span>
    </li>
  );
}

function RegisterForm({ organization, onDone }: { organization: string; onDone: () => void }) {
  const { t } = useTranslation('directory');
  const { options, name } = useTerms();
  const [id] = useState(() => crypto.randomUUID());
  const [fields, setFields] = useState({ practitioner: '', role: '', department: '', from: '', until: '', isMain: '' });
  const [text, setText] = useState('');
  const people = usePractitioners({ text, role: '', division: '' });
  const save = useSave();
  const faults = faultsOf(save.error);
  const set = (changes: Partial<typeof fields>) => setFields({ ...fields, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ kind: 'registration', id, input: { ...fields, organization } }, { onSuccess: onDone });
  };
  const found = (people.data?.pages[0]?.practitioners ?? []).slice(0, 20);
  return (
    <form className="directory-form" onSubmit={submit} noValidate>
      <Field name="practitioner" label={t('register.who')} faults={faults} isRequired>
        {(control) => (
          <Select
            {...control}
            showSearch={{ filterOption: false, onSearch: setText }}
            value={fields.practitioner || undefined}
            options={found.map((person) => ({
              value: person.id,
              label: `${name(person.name, person.pinyin)} ${person.licence}`,
            }))}
            placeholder={t('register.whoHelp')}
            notFoundContent={t('people', { count: 0 })}
            onChange={(practitioner: string) => set({ practitioner })}
          />
        )}
      </Field>
      {(['role', 'department'] as const).map((field) => (
        <Field key={field} name={field} label={t(`form.${field}`)} faults={faults} isRequired={field === 'role'}>
          {(control) => (
            <Select
              {...control}
              showSearch={{ optionFilterProp: 'label' }}
              value={fields[field] || undefined}
              options={options(field === 'role' ? 'roles' : 'departments')}
              onChange={(value: string) => set({ [field]: value })}
            />
          )}
        </Field>
      ))}
      {(['from', 'until'] as const).map((field) => (
        <Field key={field} name={field} label={t(`form.${field}`)} faults={faults}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={fields[field]}
              onChange={({ target }) => set({ [field]: target.value })}
            />
          )}
        </Field>
      ))}
      <MainField value={fields.isMain} faults={faults} onChange={(isMain) => set({ isMain })} />
      {save.error && faults.size === 0 && <FailureNotice title={t('form.failed')} failure={save.error} />}
      <div className="directory-actions">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('register.action')}
        </Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  );
}

interface MainFieldProps {
  value: string;
  faults: ReturnType<typeof faultsOf>;
  onChange: (isMain: string) => void;
}

function MainField({ value, faults, onChange }: MainFieldProps) {
  const { t } = useTranslation('directory');
  const options = (['no', 'yes'] as const).map((answer) => ({ value: answer, label: t(answer) }));
  return (
    <Field name="isMain" label={t('mainPlace')} faults={faults}>
      {(control) => <Select {...control} value={value || 'no'} options={options} onChange={onChange} />}
    </Field>
  );
}
