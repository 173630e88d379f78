import type { HumanName } from 'fhir/r4.js';
import type { Language } from '../../settings/language.ts';

/** What a person is called: in Chinese characters, in Latin letters (pinyin or the name itself), or both. */
export interface PersonName {
  characters: string | undefined;
  latin: string | undefined;
}

const han = /\p{Script=Han}/u;

/** https://hl7.org/fhir/R4/datatypes.html#HumanName */
export function parseHumanNames(names: readonly HumanName[] | undefined): PersonName {
  const current = (names ?? []).filter((name) => name.use !== 'old' && name.period?.end === undefined);
  const written = current.map(humanNameToText).filter((text) => text !== '');
  return {
    characters: written.find((text) => han.test(text)),
    latin: written.find((text) => !han.test(text)),
  };
}

/** What somebody is called in a page of the given language, where there is room for one name only. */
export function nameIn(language: Language, { characters, latin }: PersonName): string {
  return (language === 'zh-CN' ? (characters ?? latin) : (latin ?? characters)) ?? '';
}

/** The first name to call somebody by: characters where they exist. */
export const mainName = ({ characters, latin }: PersonName): string => characters ?? latin ?? '';

export function isChinese(text: string): boolean {
  return han.test(text);
}

/** One or two letters for the disc beside a name. */
export function initialsOf(name: PersonName): string {
  if (name.characters) return name.characters.slice(0, 1);
  const words = (name.latin ?? '').split(/\s+/).filter(Boolean);
  return words
    .map((word) => word[0]?.toUpperCase())
    .slice(0, 2)
    .join('');
}

function humanNameToText(name: HumanName): string {
  if (name.text) return name.text;
  const given = (name.given ?? []).join(' ');
  const parts = han.test(name.family ?? given) ? [`${name.family ?? ''}${given}`] : [given, name.family];
  return parts.filter(Boolean).join(' ');
}
