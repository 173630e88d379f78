import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/icon/icon.tsx';
import { appearance } from './appearance.ts';
import { type Language, language } from './language.ts';

const otherLanguage = {
  en: { code: 'zh-CN', name: '中文' },
  'zh-CN': { code: 'en', name: 'English' },
} as const satisfies Record<Language, { code: Language; name: string }>;

/** One press to the other language; its own name says which. */
export function LanguageButton() {
  const { t } = useTranslation('settings');
  const { code, name } = otherLanguage[language.use()];
  return (
    <Button type="text" onClick={() => language.set(code)} aria-label={t('switchLanguage')}>
      <span lang={code}>{name}</span>
    </Button>
  );
}

export function AppearanceButton() {
  const { t } = useTranslation('settings');
  const isDark = appearance.use() === 'dark';
  return (
    <Button
      type="text"
      icon={<Icon name={isDark ? 'sun' : 'moon'} size={18} />}
      onClick={() => appearance.set(isDark ? 'light' : 'dark')}
      aria-label={t(isDark ? 'toLight' : 'toDark')}
    />
  );
}

/** Both choices with their words, for a menu. */
export function SettingsChoices() {
  const { t } = useTranslation('settings');
  return (
    <>
      <Segmented
        block
        aria-label={t('language')}
        value={language.use()}
        onChange={language.set}
        options={[
          { value: 'en', label: 'English' },
          { value: 'zh-CN', label: <span lang="zh-CN">中文</span> },
        ]}
      />
      <Segmented
        block
        aria-label={t('appearance')}
        value={appearance.use()}
        onChange={appearance.set}
        options={[
          { value: 'light', label: t('light') },
          { value: 'dark', label: t('dark') },
        ]}
      />
    </>
  );
}
