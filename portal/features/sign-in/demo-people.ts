import type { DemoPerson } from '../../session/session.resource.ts';
import type { Language } from '../../settings/language.ts';
import { listText } from '../../ui/list-text/list-text.ts';

/** People whose name, role or place contains every word that was typed. */
export function findDemoPeople(people: readonly DemoPerson[], text: string, roleWord: (person: DemoPerson) => string) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return people;
  return people.filter((person) => {
    const haystack = searchable(person, roleWord(person));
    return words.every((word) => haystack.includes(word));
  });
}

function searchable({ name, place, about }: DemoPerson, role: string): string {
  const pinyin = name.latin ?? '';
  const parts = [name.characters, pinyin, pinyin.replaceAll(' ', ''), role];
  return [...parts, place?.en, place?.['zh-CN'], about?.en, about?.['zh-CN']].join(' ').toLowerCase();
}

/** What tells a person apart, under the name. */
export function describeDemoPerson({ place, about }: DemoPerson, language: Language): string {
  return listText([about?.[language], place?.[language]], language);
}
