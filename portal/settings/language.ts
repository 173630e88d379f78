import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { createStoredChoice } from './stored-choice.ts';

export type Language = 'en' | 'zh-CN';

type Words = Record<string, unknown>;

// A folder keeps its words beside its pages; each file is a chunk of its own, loaded with the room.
const files = import.meta.glob<Words>('/{features,settings,shell,ui}/**/words.*.json', { import: 'default' });

const filesByKey = new Map(
  Object.entries(files).map(([path, load]) => {
    const [folder, file] = path.split('/').slice(-2);
    return [`${folder}/${file}`, load];
  }),
);

/** English or Chinese; the browser decides until the person does. */
export const language = createStoredChoice<Language>('meridian.language', ['en', 'zh-CN'], () =>
  navigator.language.startsWith('zh') ? 'zh-CN' : 'en',
);

const wordFiles: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (locale, namespace, callback) => {
    const load = filesByKey.get(`${namespace}/words.${locale.toLowerCase()}.json`);
    if (load === undefined) return callback(new Error(`No words for ${namespace} in ${locale}`), null);
    load().then(
      (words) => callback(null, words),
      (failure: Error) => callback(failure, null),
    );
  },
};

function showLanguage() {
  document.documentElement.lang = language.get();
}

/** The wording of something that the server says in both languages. */
export const wordsIn = (locale: Language, { zh, en }: { zh: string; en: string }) => (locale === 'zh-CN' ? zh : en);

/** Resolves once the words of the frame are there in the person's language. */
export async function startLanguage() {
  await i18next
    .use(wordFiles)
    .use(initReactI18next)
    .init({
      lng: language.get(),
      fallbackLng: false,
      supportedLngs: ['en', 'zh-CN'],
      ns: ['shell', 'ui', 'settings'],
      defaultNS: 'shell',
      interpolation: { escapeValue: false },
    });
  showLanguage();
  language.subscribe(() => void i18next.changeLanguage(language.get()).then(showLanguage));
}

export const loadWords = (namespace: string) => i18next.loadNamespaces(namespace);
