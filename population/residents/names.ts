import type { HumanName } from 'fhir/r4.js';
import { pinyinGiven, pinyinSurname } from '../pinyin.ts';
import { elementAt, type Random } from '../random.ts';
import { givenNames, nameReadings, ownNames, surnames, surnamesByPeople } from '../tables/names.ts';

export type Sex = 'female' | 'male';

/** A name in characters with its pinyin; peoples without surnames carry their father's name after their own. */
export interface PersonName {
  text: string;
  family?: string;
  given: string;
  pinyin: { text: string; family?: string; given: string };
}

type Naming = 'han' | 'uyghur' | 'tibetan' | 'dai';

const namings: Readonly<Record<string, Naming>> = { '05': 'uyghur', '04': 'tibetan', '18': 'dai' };

export function namingOf(ethnicCode: string): Naming {
  return namings[ethnicCode] ?? 'han';
}

export function drawSurname(random: Random, ethnicCode: string): string {
  const own = surnamesByPeople[ethnicCode];
  if (own !== undefined && random.chance(0.75)) return random.pick([...own]);
  return random.weighted(surnames, ([, weight]) => weight)[0];
}

/** A name in the fashion of the people, the sex and the year of birth. `family` is the surname, or a Uyghur father's name. */
export function drawName(random: Random, ethnicCode: string, sex: Sex, birthYear: number, family: string): PersonName {
  const naming = namingOf(ethnicCode);
  if (naming === 'uyghur') return nameOf(random.pick(ownNames.uyghur[sex].split(' ')), family, naming);
  if (naming !== 'han') return nameOf(random.pick(ownNames[naming][sex].split(' ')), undefined, naming);
  return nameOf(drawGiven(random, sex, birthYear), family, naming);
}

export function nameOf(given: string, family: string | undefined, naming: Naming = 'han'): PersonName {
  const givenPinyin = pinyinGiven(given, naming === 'dai' ? nameReadings : {});
  if (family === undefined) return { text: given, given, pinyin: { text: givenPinyin, given: givenPinyin } };
  if (naming === 'uyghur') {
    const familyPinyin = pinyinGiven(family, {});
    const pinyin = { text: `${givenPinyin} ${familyPinyin}`, family: familyPinyin, given: givenPinyin };
    return { text: `${given}·${family}`, family, given, pinyin };
  }
  const familyPinyin = pinyinSurname(family);
  const pinyin = { text: `${familyPinyin} ${givenPinyin}`, family: familyPinyin, given: givenPinyin };
  return { text: `${family}${given}`, family, given, pinyin };
}

export function drawGiven(random: Random, sex: Sex, birthYear: number): string {
  const fashion = givenNames.find(({ until }) => birthYear <= until) ?? elementAt(givenNames, givenNames.length - 1);
  const { first, second, single } = fashion[sex];
  if (random.chance(0.15)) return random.pick([...single]);
  const opening = random.pick([...first]);
  const closing = random.pick([...second]);
  return opening === closing ? opening : opening + closing;
}

const romanised = [{ url: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation', valueCode: 'SYL' }];
const ideographic = [{ url: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation', valueCode: 'IDE' }];

/** The official name in characters, then the same in pinyin. http://hl7.org/fhir/R4/extension-iso21090-en-representation.html */
export function humanNames({ text, family, given, pinyin }: PersonName): HumanName[] {
  return [
    { extension: ideographic, use: 'official', text, ...(family && { family }), given: [given] },
    {
      extension: romanised,
      use: 'usual',
      text: pinyin.text,
      ...(pinyin.family && { family: pinyin.family }),
      given: [pinyin.given],
    },
  ];
}
