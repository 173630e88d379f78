import file from '../../../content/directory/vocabulary.json' with { type: 'json' };

/** A coded word in both languages. */
export interface Term {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export interface Kind extends Term {
  readonly group: string;
}

const byCode = <Entry extends Term>(terms: readonly Entry[]): ReadonlyMap<string, Entry> =>
  new Map(terms.map((term) => [term.code, term]));

/** The words of the directory: content/directory/vocabulary.json. */
export const vocabulary = {
  kinds: byCode<Kind>(file.kinds),
  grades: byCode<Term>(file.grades),
  departments: byCode<Term>(file.departments),
  roles: byCode<Term>(file.roles),
  titles: byCode<Term>(file.titles),
  figures: byCode<Term & { unit?: string }>(file.figures),
} as const;

export type Vocabulary = keyof typeof vocabulary;

export const printVocabulary = () => file;

/** A term by its code or by its Chinese or English word, as people write it into tables. */
export function findTerm(list: Vocabulary, text: string): Term | undefined {
  const terms: ReadonlyMap<string, Term> = vocabulary[list];
  const wanted = text.trim().toLowerCase();
  return (
    terms.get(wanted) ??
    terms.get(text.trim()) ??
    [...terms.values()].find(({ zh, en }) => zh === text.trim() || en.toLowerCase() === wanted)
  );
}
