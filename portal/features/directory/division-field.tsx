import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDivisions } from './directory.resource.ts';

interface DivisionFieldProps {
  value: string;
  /** What stands there before anything is looked for. */
  name?: string | undefined;
  onChange: (code: string, name: string) => void;
  id?: string;
  className?: string;
  label?: string;
  mayBeEmpty?: boolean;
}

/** A place by characters, pinyin, initials, English or code. */
export function DivisionField({ value, name, onChange, label, mayBeEmpty = false, ...control }: DivisionFieldProps) {
  const { t, i18n } = useTranslation('directory');
  const [text, setText] = useState('');
  const found = useDivisions(text);
  const isEnglish = i18n.language === 'en';
  const options = (text === '' ? [] : (found.data?.divisions ?? [])).map((division) => {
    const path = division.branch.map((place) => (isEnglish ? place.english : place.name));
    return { value: division.code, label: isEnglish ? path.join(', ') : [...path].reverse().join(' ') };
  });
  const shown =
    value !== '' && !options.some((option) => option.value === value) ? [{ value, label: name || value }] : [];
  return (
    <Select
      {...control}
      aria-label={label}
      showSearch={{ filterOption: false, onSearch: setText }}
      value={value === '' ? undefined : value}
      options={[...shown, ...options]}
      placeholder={t('place.placeholder')}
      notFoundContent={text === '' ? t('place.type') : found.isFetching ? t('place.looking') : t('place.none')}
      allowClear={mayBeEmpty}
      onChange={(code: string | undefined, option) => {
        setText('');
        onChange(code ?? '', option && !Array.isArray(option) ? `${option.label}` : '');
      }}
    />
  );
}
