/** A range of languages that somebody asks for, the best first. https://www.rfc-editor.org/rfc/rfc9110#field.accept-language */
export interface Languages {
  /** As it was asked. */
  readonly text: string;
  readonly ranges: readonly { readonly tag: string; readonly quality: number }[];
}

const range = /^\s*([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=\s*([01](?:\.\d{0,3})?)\s*)?$/;

/** Undefined when the text is no list of languages. */
export function parseLanguages(text: string): Languages | undefined {
  const ranges: { tag: string; quality: number }[] = [];
  for (const part of text.split(',')) {
    const match = range.exec(part);
    if (!match?.[1]) return undefined;
    ranges.push({ tag: match[1], quality: match[2] === undefined ? 1 : Number(match[2]) });
  }
  return { text, ranges: ranges.sort((left, right) => right.quality - left.quality) };
}

/** How closely a language is asked for: 3 the same, 2 language and region, 1 the language alone, 0 not at all. */
export function closeness(tag: string, language: string): 0 | 1 | 2 | 3 {
  if (tag === '*') return 1;
  const [wanted, actual] = [tag.toLowerCase(), language.toLowerCase()];
  if (wanted === actual) return 3;
  const [wantedParts, actualParts] = [wanted.split('-'), actual.split('-')];
  if (wantedParts[0] !== actualParts[0]) return 0;
  return wantedParts[1] !== undefined && wantedParts[1] === actualParts[1] ? 2 : 1;
}

/** Whether any of the languages asked for is this one, in whatever region. */
export const acceptsLanguage = (languages: Languages, language: string): boolean =>
  languages.ranges.some(({ tag, quality }) => quality > 0 && closeness(tag, language) > 0);
