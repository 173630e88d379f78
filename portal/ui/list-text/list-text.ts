import type { Language } from '../../settings/language.ts';

/** Several short things in one line, with the comma of the language; what is missing leaves no gap. */
export function listText(parts: readonly (string | undefined | false)[], language: Language): string {
  return parts.filter(Boolean).join(language === 'zh-CN' ? '，' : ', ');
}
