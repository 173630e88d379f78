import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RoleView } from '../../../src/adapters/portal/index.ts';

const codes: readonly RoleView['role'][] = [
  'village-doctor',
  'family-doctor',
  'public-health-nurse',
  'hospital-physician',
  'pharmacist',
  'receptionist',
  'cashier',
  'index-clerk',
  'disease-control-officer',
  'insurer',
  'regulator',
  'researcher',
  'privacy-officer',
  'administrator',
  'resident',
];

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
