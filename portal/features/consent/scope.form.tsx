import { Checkbox, Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import type { ScopeInput, Vocabulary } from './consent.resource.ts';

interface ScopeFieldsProps {
  vocabulary: Vocabulary;
  scope: ScopeInput;
  onChange: (scope: ScopeInput) => void;
  /** Only these may be chosen; all when it is left out. */
  within?: readonly string[] | undefined;
  /** What closes data may have no end, and knows no period of data. */
  isClosing?: boolean;
}

/** Which data, from which time, until when. */
export function ScopeFields({ vocabulary, scope, onChange, within, isClosing = false }: ScopeFieldsProps) {
  const { t } = useTranslation('consent');
  const id = useId();
  const locale = language.use();
  const mayChoose = ({ code, isSensitive }: Vocabulary['categories'][number]) =>
    within === undefined || within.includes(code) || (within.includes('everything') && !isSensitive);
  const offered = vocabulary.categories.filter(mayChoose);
  return (
    <>
      <fieldset className="consent-field">
        <legend>{t(isClosing ? 'scope.close' : 'scope.categories')}</legend>
        <Checkbox.Group
          className="consent-categories"
          value={[...scope.categories]}
          onChange={(categories) => onChange({ ...scope, categories: categories.map(String) })}
          options={offered.map(({ code, zh, en, isSensitive }) => ({
            value: code,
            label: `${locale === 'zh-CN' ? zh : en}${isSensitive ? t('scope.sensitive') : ''}`,
          }))}
        />
      </fieldset>
      <div className="consent-dates">
        <DateField
          id={`${id}-until`}
          label={t(isClosing ? 'scope.untilOpen' : 'scope.until')}
          value={scope.until}
          onChange={(until) => onChange({ ...scope, until })}
        />
        {!isClosing && (
          <>
            <DateField
              id={`${id}-from`}
              label={t('scope.dataFrom')}
              value={scope.dataFrom}
              onChange={(dataFrom) => onChange({ ...scope, dataFrom })}
            />
            <DateField
              id={`${id}-to`}
              label={t('scope.dataUntil')}
              value={scope.dataUntil}
              onChange={(dataUntil) => onChange({ ...scope, dataUntil })}
            />
          </>
        )}
      </div>
    </>
  );
}

interface DateFieldProps {
  id: string;
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

export function DateField({ id, label, value, onChange }: DateFieldProps) {
  return (
    <div className="consent-field">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        type="date"
        value={value?.slice(0, 10) ?? ''}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      />
    </div>
  );
}
