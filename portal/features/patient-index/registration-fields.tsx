import { Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Missing, Registration } from './model/new-patient.ts';

interface RegistrationFieldsProps {
  form: Registration;
  missing: readonly Missing[];
  onChange: (part: Partial<Registration>) => void;
}

type TextField = Exclude<keyof Registration, 'kind' | 'sex'>;

const ofKind: Record<Registration['kind'], readonly TextField[]> = {
  resident: ['name', 'birthDate', 'idNumber', 'phone', 'address'],
  newborn: ['motherName', 'motherId', 'birthDate', 'birthTime', 'birthOrder', 'phone', 'address'],
  unknown: ['birthDate', 'address'],
};

const types: Partial<Record<TextField, string>> = { birthDate: 'date', birthTime: 'time', phone: 'tel' };
const wide: ReadonlySet<TextField> = new Set(['address']);
const longest = 200;

/** Only what the kind of registration needs. */
export function RegistrationFields({ form, missing, onChange }: RegistrationFieldsProps) {
  const { t } = useTranslation('patient-index');
  return (
    <div className="register-form">
      {ofKind[form.kind].map((name) => {
        const isMissing = missing.some((one) => one === name);
        return (
          <div key={name} className={`decision-reason ${wide.has(name) ? 'register-wide' : ''}`}>
            <label htmlFor={`register-${name}`}>{t(`register.field.${name}`)}</label>
            <Input
              id={`register-${name}`}
              type={types[name] ?? 'text'}
              value={form[name]}
              maxLength={longest}
              status={isMissing ? 'error' : ''}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
            {isMissing && (
              <span className="form-error">{t(`register.missing.${name}` as 'register.missing.name')}</span>
            )}
          </div>
        );
      })}
      <div className="decision-reason">
        <span id="register-sex">{t('column.sex')}</span>
        <Radio.Group
          aria-labelledby="register-sex"
          value={form.sex}
          onChange={(event) => onChange({ sex: event.target.value as Registration['sex'] })}
        >
          {(['female', 'male', 'unknown'] as const).map((sex) => (
            <Radio key={sex} value={sex}>
              {t(`register.sex.${sex}`)}
            </Radio>
          ))}
        </Radio.Group>
      </div>
    </div>
  );
}
