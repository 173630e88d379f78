import type { DemonstrationPerson as DemoPerson } from '../../../src/adapters/portal/index.ts';

export type { DemoPerson };

/** People whose name, role or place contains every word that was typed. */
export function findDemoPeople(people: readonly DemoPerson[], text: string, roleWord: (person: DemoPerson) => string) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return people;
  return people.filter((person) => {
    const haystack = searchable(person, roleWord(person));
    return words.every((word) => haystack.includes(word));
  });
}

function searchable({ name, organization, description }: DemoPerson, role: string): string {
  const parts = [name, organization, description].flatMap(({ zh, en }) => [zh, en]);
  return [...parts, name.en.replaceAll(' ', ''), role].join(' ').toLowerCase();
}
