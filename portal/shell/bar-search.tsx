import { Input, type InputRef } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { Icon } from '../ui/icon/icon.tsx';
import { useKeys } from '../ui/keys/use-keys.ts';

/** Looks for another person from any page; the list of people has a field of its own. */
export function BarSearch() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useRef<InputRef>(null);
  const isOnList = useLocation().pathname === '/people';
  useKeys(isOnList ? {} : { '/': () => field.current?.focus() });
  if (isOnList) return null;
  return (
    <Input
      ref={field}
      className="bar-search"
      prefix={<Icon name="search" />}
      suffix={<kbd className="key">/</kbd>}
      placeholder={t('search')}
      aria-label={t('search')}
      onPressEnter={(event) => void navigate(`/people?q=${encodeURIComponent(event.currentTarget.value.trim())}`)}
    />
  );
}
