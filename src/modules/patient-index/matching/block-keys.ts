import type { EvidenceField } from '../evidence.ts';
import { soundex } from './names/latin.ts';
import { spellings } from './names/readings.ts';
import type { Person } from './person.ts';

/** A pair is compared if it shares any key. `fields` are those that the key already says something about. */
interface BlockKind {
  /** Stands in stored keys and never changes. */
  readonly number: number;
  readonly name: string;
  readonly fields: readonly EvidenceField[];
  /** Those who live together share it: pairs that it finds are no sample of what one person's records agree in. */
  readonly isOfHome?: true;
  valuesOf(person: Person, forms: NameForms): string[];
}

/** Forms of all names by which they are found. */
interface NameForms {
  /** In full, without tones; the parts of Latin names in the order of the alphabet. */
  readonly full: readonly string[];
  readonly initials: readonly string[];
  /** Of the parts of Latin names. */
  readonly sounds: readonly string[];
  readonly familySounds: readonly string[];
  readonly givenSounds: readonly string[];
}

const names = ['name', 'familyName', 'givenName'] as const;
const distinct = (values: readonly string[]): string[] => [...new Set(values)];

function formsOf({ han, latin, isNewborn }: Person): NameForms {
  const spelt = isNewborn ? [] : han.flatMap(({ folded }) => spellings(folded.slice(0, 12)));
  const parts = latin.map(({ family, given }) => [family, given].filter((part) => part !== '').sort());
  return {
    full: distinct([...spelt, ...(han.length > 0 ? [] : parts)].map((way) => sortedLetters(way))),
    initials: distinct([...spelt, ...(han.length > 0 ? [] : parts)].map((way) => initialsOf(way))),
    sounds:
      han.length > 0
        ? []
        : distinct(parts.filter(({ length }) => length > 1).map((way) => way.map(soundex).sort().join(' '))),
    familySounds: han.length > 0 ? [] : soundsOf(latin.map(({ family }) => family)),
    givenSounds: han.length > 0 ? [] : soundsOf(latin.map(({ given }) => given)),
  };
}

const soundsOf = (parts: readonly string[]): string[] => distinct(parts.map(soundex).filter((sound) => sound !== ''));

/** The first number and the longest word of an address in Latin letters: 18 Melrose Drive. */
function homesOf({ places }: Person): string[] {
  return places.flatMap(({ tokens }) => {
    const number = tokens.find((token) => /^\d+$/.test(token));
    const words = tokens.filter((token) => /^[a-z]{4,}$/.test(token));
    const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '');
    return number === undefined || longest === '' ? [] : [`${number}|${longest}`];
  });
}

/** The letters in the order of the alphabet: one key, whichever part comes first and wherever two letters are swapped. */
const sortedLetters = (syllables: readonly string[]): string => [...syllables.join('')].sort().join('');

/** Of a whole Latin word too, so that a name in pinyin without its syllables shares the first. */
const initialsOf = (syllables: readonly string[]): string =>
  syllables
    .map((syllable) => syllable[0] ?? '')
    .sort()
    .join('');

const fullDate = ({ birthDate }: Person): string[] => (birthDate?.length === 10 ? [birthDate] : []);
const year = ({ birthDate }: Person): string[] => (birthDate === undefined ? [] : [birthDate.slice(0, 4)]);
const monthAndDay = ({ birthDate }: Person): string[] =>
  birthDate?.length === 10 ? [[birthDate.slice(5, 7), birthDate.slice(8)].sort().join('')] : [];

const pairs = (left: readonly string[], right: readonly string[]): string[] =>
  left.flatMap((first) => right.map((second) => `${first}|${second}`));

export const blockKinds: readonly BlockKind[] = [
  { number: 1, name: 'national-id', fields: ['nationalId'], valuesOf: ({ nationalIds }) => [...nationalIds] },
  {
    number: 2,
    name: 'insurance-number',
    fields: ['insuranceNumber'],
    valuesOf: ({ insuranceNumbers }) => [...insuranceNumbers],
  },
  { number: 3, name: 'phone', fields: ['phone'], isOfHome: true, valuesOf: ({ phones }) => [...phones] },
  {
    number: 4,
    name: 'document',
    fields: ['document'],
    valuesOf: ({ documents }) => documents.map(({ system, number }) => `${system}|${number}`),
  },
  {
    number: 5,
    name: 'birth-date-initials',
    fields: ['birthDate', ...names],
    valuesOf: (person, { initials }) => pairs(fullDate(person), initials),
  },
  {
    number: 6,
    name: 'birth-year-name',
    fields: ['birthDate', ...names],
    valuesOf: (person, { full }) => pairs(year(person), full),
  },
  {
    number: 7,
    name: 'birthday-name',
    fields: ['birthDate', ...names],
    valuesOf: (person, { full }) => pairs(monthAndDay(person), full),
  },
  {
    number: 8,
    name: 'mother-birth-date',
    fields: ['mother', 'birthDate'],
    isOfHome: true,
    valuesOf: (person) => pairs(fullDate(person), person.mothers),
  },
  { number: 9, name: 'sounds', fields: names, valuesOf: (_person, { sounds }) => [...sounds] },
  {
    number: 10,
    name: 'birth-date-family-sound',
    fields: ['birthDate', ...names],
    valuesOf: (person, { familySounds }) => pairs(fullDate(person), familySounds),
  },
  // Many women have another surname once they marry.
  {
    number: 11,
    name: 'birth-date-given-sound',
    fields: ['birthDate', ...names],
    valuesOf: (person, { givenSounds }) => pairs(fullDate(person), givenSounds),
  },
  { number: 12, name: 'home', fields: ['address'], isOfHome: true, valuesOf: homesOf },
];

/** cyrb53 (https://github.com/bryc/code, public domain), of which 48 bits are taken: a number holds kind and hash exactly. */
function hash48(text: string): number {
  let first = 0xdeadbeef;
  let second = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    first = Math.imul(first ^ unit, 2654435761);
    second = Math.imul(second ^ unit, 1597334677);
  }
  first = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
  second = Math.imul(second ^ (second >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909);
  return 4294967296 * (65535 & second) + (first >>> 0);
}

/** Keys of a kind lie together, from this number on. */
export const firstKeyOf = (kind: number): number => kind * 2 ** 48;

export interface BlockKey {
  readonly kind: BlockKind;
  readonly key: number;
}

/** Of several names with several readings each, no more are looked for. */
const mostOfKind = 24;

/** All keys of a person, each once. */
export function blockKeysOf(person: Person): BlockKey[] {
  const forms = formsOf(person);
  return blockKinds.flatMap((kind) =>
    distinct(kind.valuesOf(person, forms))
      .slice(0, mostOfKind)
      .map((value) => ({ kind, key: firstKeyOf(kind.number) + hash48(value) })),
  );
}
