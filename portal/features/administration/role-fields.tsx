import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import words from '../../shell/words.en.json';

type RoleCode = keyof typeof words.role;

const codes = Object.keys(words.role) as RoleCode[];

interface RoleFieldsProps {
  id: string;
  role: string;
  organization: string;
  onChange: (next: { role: string; organization: string }) => void;
}

/** A role, and at which organisation. */
export function RoleFields({ id, role, organization, onChange }: RoleFieldsProps) {
  const { t } = useTranslation('administration');
  const { t: shell } = useTranslation('shell');
  return (
    <>
      <div className="accounts-field">
        <label htmlFor={`${id}-role`}>{t('role')}</label>
        <Select
          id={`${id}-role`}
          value={role || undefined}
          onChange={(value) => onChange({ role: value, organization })}
          options={codes.map((code) => ({ value: code, label: shell(`role.${code}`) }))}
        />
      </div>
      <div className="accounts-field">
        <label htmlFor={`${id}-organization`}>{t('organization')}</label>
        <Input
          id={`${id}-organization`}
          value={organization}
          placeholder="Organization/..."
          onChange={({ target }) => onChange({ role, organization: target.value })}
        />
      </div>
    </>
  );
}
