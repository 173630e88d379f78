import { type ReactNode, type RefObject, useEffect, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldFault } from '../../http/request-failure.ts';
import { Icon } from '../../ui/icon/icon.tsx';

interface FieldProps {
  label: string;
  name: string;
  help?: string;
  faults: ReadonlyMap<string, FieldFault>;
  isRequired?: boolean;
  children: (control: {
    id: string;
    'aria-describedby': string;
    'aria-invalid': boolean;
    className: string;
  }) => ReactNode;
}

const told = ['creditCode', 'division', 'phone', 'licence', 'parent', 'isMain', 'organization'] as const;

/** A field with its label above and, in the place of the help below, what is wrong with it. */
export function Field({ label, name, help, faults, isRequired = false, children }: FieldProps) {
  const id = useId();
  const fault = faults.get(name);
  const sentence = useFault(name, fault);
  return (
    <div className={`directory-field ${fault ? 'directory-field-wrong' : ''}`}>
      <label htmlFor={id}>
        {label}
        {isRequired && <span aria-hidden="true"> *</span>}
      </label>
      {children({
        id,
        'aria-describedby': `${id}-note`,
        'aria-invalid': fault !== undefined,
        className: 'directory-control',
      })}
      <p id={`${id}-note`} className={fault ? 'directory-fault' : 'muted small'} role={fault ? 'alert' : undefined}>
        {fault && <Icon name="cross" size={14} />}
        {sentence ?? help}
      </p>
    </div>
  );
}

/** In English as the server says it; in Chinese by field, or by the kind of fault. */
function useFault(name: string, fault: FieldFault | undefined): string | undefined {
  const { t, i18n } = useTranslation('directory');
  if (fault === undefined || i18n.language === 'en') return fault?.sentence;
  const field = told.find((candidate) => candidate === name);
  if (fault.code === 'required') return t('fault.required');
  if (fault.code === 'conflict') return t('fault.conflict');
  if (field) return t(`fault.${field}`);
  if (fault.code === 'too-long') return t('fault.too-long');
  return t('fault.value');
}

/** Once a form has come back with faults, the first field that is wrong has the focus. */
export function useFocusOnFault(form: RefObject<HTMLFormElement | null>, failure: Error | null) {
  useEffect(() => {
    if (failure === null) return;
    const field = form.current?.querySelector('.directory-field-wrong :is(input, button)');
    if (field instanceof HTMLElement) field.focus();
  }, [form, failure]);
}
