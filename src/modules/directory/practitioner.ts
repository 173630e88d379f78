import type { JsonObject } from '#lib/json/index.ts';
import { syllablesOf } from '#modules/division/index.ts';
import { Fields, type Input } from './fields.ts';
import { phonePattern, phoneSentence } from './organization.ts';
import {
  codeIn,
  compact,
  conceptOf,
  conceptOfElement,
  identifierIn,
  listOf,
  replaceIn,
  textOf,
} from './resource-parts.ts';
import { systems } from './systems.ts';
import type { Term } from './vocabulary.ts';

/** Somebody who works in health care, with the licence and the title that they hold. */
export interface Professional {
  name: string;
  pinyin: string | undefined;
  sex: 'female' | 'male' | 'other' | 'unknown';
  birthDate: string | undefined;
  licence: string;
  title: Term | undefined;
  /** Days between which the licence holds. */
  licensedFrom: string | undefined;
  licensedUntil: string | undefined;
  phone: string | undefined;
}

const sexes: Readonly<Record<string, Professional['sex']>> = {
  female: 'female',
  male: 'male',
  other: 'other',
  unknown: 'unknown',
  女: 'female',
  男: 'male',
};

export function parseProfessional(input: Input, today: string): Professional {
  const fields = new Fields(input);
  const sex = sexes[fields.text('sex')?.toLowerCase() ?? 'unknown'];
  if (sex === undefined) fields.fault('sex', 'This must be female, male, other or unknown (女, 男).', 'code-invalid');
  const birthDate = fields.day('birthDate');
  if (birthDate && birthDate > today) fields.fault('birthDate', 'This day is still to come.');
  const licensedFrom = fields.day('licensedFrom');
  const licensedUntil = fields.day('licensedUntil');
  if (licensedFrom && licensedUntil && licensedUntil < licensedFrom) {
    fields.fault('licensedUntil', 'The licence ends before it begins.');
  }
  const professional: Professional = {
    name: fields.text('name', { isRequired: true, most: 100 }) ?? '',
    pinyin: fields.text('pinyin', { most: 200 }),
    sex: sex ?? 'unknown',
    birthDate,
    licence:
      fields.matching(
        'licence',
        /^[0-9A-Za-z]{6,30}$/,
        'The number of a licence has 6 to 30 digits or letters.',
        true,
      ) ?? '',
    title: fields.term('title', 'titles'),
    licensedFrom,
    licensedUntil,
    phone: fields.matching('phone', phonePattern, phoneSentence),
  };
  fields.done();
  return professional;
}

const isOwnQualification = (entry: JsonObject) =>
  codeIn(conceptOfElement(entry.code), systems.title) !== undefined ||
  listOf(entry.identifier).some(({ system }) => system === systems.licence);

/** The resource with what is known of them; all that the directory does not know stays as it was. */
export function professionalToResource(professional: Professional, before: JsonObject): JsonObject {
  const { name, sex, birthDate, licence, title, licensedFrom, licensedUntil, phone } = professional;
  const isSame = textOf(listOf(before.name)[0]?.text) === name && professional.pinyin === undefined;
  const identifier = { system: systems.licence, value: licence };
  const period = compact({ start: licensedFrom, end: licensedUntil });
  return compact({
    ...before,
    resourceType: 'Practitioner',
    identifier: replaceIn(before.identifier, ({ system }) => system === systems.licence, [identifier]),
    active: before.active ?? true,
    name: isSame ? before.name : namesOf(name, professional.pinyin),
    telecom: replaceIn(before.telecom, ({ system }) => system === 'phone', [
      phone === undefined ? undefined : { system: 'phone', use: 'mobile', value: phone },
    ]),
    gender: sex,
    birthDate,
    qualification: replaceIn(before.qualification, isOwnQualification, [
      compact({
        identifier: [identifier],
        code: title ? conceptOf(systems.title, title) : { text: '执业证书' },
        period: Object.keys(period).length > 0 ? period : undefined,
      }),
    ]),
  });
}

/** In characters and in pinyin; surnames of two characters are told by the form, not guessed. */
function namesOf(name: string, typed: string | undefined): JsonObject[] {
  const names: JsonObject[] = [{ use: 'official', text: name }];
  const latin = typed ?? (/^[\p{Script=Han}·]+$/u.test(name) ? spell(name) : undefined);
  if (latin !== undefined && latin !== name) names.push({ use: 'official', text: latin });
  return names;
}

function spell(name: string): string {
  const [first = '', ...rest] = syllablesOf(name).filter((syllable) => syllable !== '·');
  return [first, rest.join('')]
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

export function printProfessional(resource: JsonObject) {
  const [name, other] = listOf(resource.name);
  const qualification = listOf(resource.qualification).find(isOwnQualification);
  const period = conceptOfElement(qualification?.period)[0];
  return {
    id: textOf(resource.id) ?? '',
    version: Number(textOf(conceptOfElement(resource.meta)[0]?.versionId) ?? 0),
    isActive: resource.active !== false,
    name: textOf(name?.text) ?? '',
    pinyin: textOf(other?.text) ?? '',
    sex: textOf(resource.gender) ?? 'unknown',
    birthDate: textOf(resource.birthDate) ?? '',
    licence: identifierIn(resource, systems.licence) ?? '',
    title: codeIn(conceptOfElement(qualification?.code), systems.title) ?? '',
    licensedFrom: textOf(period?.start) ?? '',
    licensedUntil: textOf(period?.end) ?? '',
    phone: textOf(listOf(resource.telecom).find(({ system }) => system === 'phone')?.value) ?? '',
  };
}
