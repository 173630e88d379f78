import { useTranslation } from 'react-i18next';
import { wordsIn } from '../../settings/language.ts';
import { useVocabulary } from './directory.resource.ts';

type List = 'kinds' | 'grades' | 'departments' | 'roles' | 'titles' | 'figures';

/** The words for codes, in the language of the page; a code that has none stands for itself. */
export function useTerms() {
  const { i18n } = useTranslation('directory');
  const language = i18n.language === 'zh-CN' ? 'zh-CN' : 'en';
  const { data } = useVocabulary();
  const termsOf = (list: List) => data?.[list] ?? [];
  return {
    language,
    word: (list: List, code: string) => {
      const term = termsOf(list).find((candidate) => candidate.code === code);
      return term ? wordsIn(language, term) : code;
    },
    options: (list: List) => termsOf(list).map((term) => ({ value: term.code, label: wordsIn(language, term) })),
    /** A name with the other language after it, where it has one. */
    name: (name: string, english: string) => (language === 'en' && english !== '' ? english : name),
    kinds: data?.kinds ?? [],
    figures: data?.figures ?? [],
  } as const;
}
