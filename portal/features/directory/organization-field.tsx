import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOrganizations } from './directory.resource.ts';
import { useTerms } from './use-terms.ts';

interface OrganizationFieldProps {
  id?: string;
  value: string;
  name?: string | undefined;
  onChange: (id: string) => void;
}

/** An institution by its name. */
export function OrganizationField({ id, value, name: known, onChange }: OrganizationFieldProps) {
  const { t } = useTranslation('directory');
  const { name } = useTerms();
  const [text, setText] = useState('');
  const found = useOrganizations({ text, kind: '', grade: '', division: '', state: '' });
  const options = (found.data?.pages[0]?.organizations ?? []).slice(0, 20).map((organization) => ({
    value: organization.id,
    label: name(organization.name, organization.english),
  }));
  const shown =
    value !== '' && !options.some((option) => option.value === value) ? [{ value, label: known || value }] : [];
  return (
    <Select
      {...(id && { id })}
      showSearch={{ filterOption: false, onSearch: setText }}
      value={value || undefined}
      options={[...shown, ...options]}
      placeholder={t('form.parentPlaceholder')}
      notFoundContent={found.isFetching ? t('place.looking') : t('none.title')}
      allowClear
      onChange={(chosen: string | undefined) => onChange(chosen ?? '')}
    />
  );
}
