import type { Address, Identifier, Patient } from 'fhir/r4.js';
import { pinyinGiven, pinyinSurname } from '../pinyin.ts';
import type { Random } from '../random.ts';
import { mobileNumber } from '../residents/phone.ts';
import { systems } from '../systems.ts';
import { otherWritten, sameSound } from './characters.ts';

/** Something that goes wrong when a person is registered again; gives undefined where it cannot happen. */
export interface RegistrationError {
  readonly name: string;
  /** How often, of a hundred registrations (assumption). */
  readonly percent: number;
  apply(patient: Patient, random: Random): Patient | undefined;
}

const nameOf = (patient: Patient): string => patient.name?.[0]?.text ?? '';

const withName = (patient: Patient, text: string): Patient => ({ ...patient, name: [{ use: 'official', text }] });

/** One character of the given name becomes another. */
function withCharacter(patient: Patient, random: Random, other: (character: string) => string): Patient | undefined {
  const characters = [...nameOf(patient)];
  if (characters.length < 2 || characters.includes('·')) return undefined;
  const places = characters.map((character, index) => ({ index, to: other(character) })).slice(1);
  const changed = places.filter(({ index, to }) => to !== '' && to !== characters[index]);
  if (changed.length === 0) return undefined;
  const { index, to } = random.pick(changed);
  return withName(patient, characters.map((character, place) => (place === index ? to : character)).join(''));
}

function swapDigits(text: string, random: Random, from: number, to: number): string | undefined {
  const places = Array.from({ length: to - from - 1 }, (_, index) => from + index).filter(
    (place) => text[place] !== text[place + 1] && /\d\d/.test(text.slice(place, place + 2)),
  );
  if (places.length === 0) return undefined;
  const place = random.pick(places);
  return `${text.slice(0, place)}${text[place + 1]}${text[place]}${text.slice(place + 2)}`;
}

function otherDigit(text: string, random: Random): string {
  const place = random.int(3, text.length - 2);
  return `${text.slice(0, place)}${(Number(text[place]) + random.int(1, 9)) % 10}${text.slice(place + 1)}`;
}

function withIdentifier(
  patient: Patient,
  system: string,
  change: (value: string) => string | undefined,
): Patient | undefined {
  const found = patient.identifier?.find((identifier) => identifier.system === system)?.value;
  const changed = found === undefined ? undefined : change(found);
  if (changed === undefined) return undefined;
  return {
    ...patient,
    identifier: patient.identifier?.map(
      (identifier): Identifier => (identifier.system === system ? { ...identifier, value: changed } : identifier),
    ),
  };
}

function withoutIdentifier(patient: Patient, system: string): Patient {
  return { ...patient, identifier: patient.identifier?.filter((identifier) => identifier.system !== system) };
}

function withPhone(patient: Patient, change: (value: string) => string | undefined): Patient | undefined {
  const changed = change(patient.telecom?.[0]?.value ?? '');
  return changed === undefined || !patient.telecom?.[0]
    ? undefined
    : { ...patient, telecom: [{ ...patient.telecom[0], value: changed }] };
}

function withBirthDate(patient: Patient, change: (date: string) => string | undefined): Patient | undefined {
  const changed = change(patient.birthDate ?? '');
  if (changed === undefined || changed === patient.birthDate) return undefined;
  const isDate = new Date(`${changed}T00:00:00Z`).toJSON()?.startsWith(changed);
  return isDate ? { ...patient, birthDate: changed } : undefined;
}

function asPinyin(patient: Patient): Patient | undefined {
  const [name] = patient.name ?? [];
  const given = name?.given?.[0];
  if (name?.family === undefined || given === undefined || name.text?.includes('·')) return undefined;
  const family = pinyinSurname(name.family);
  return { ...patient, name: [{ use: 'official', text: `${family} ${pinyinGiven(given, {})}` }] };
}

const shortAddress = (address: Address): Address => ({
  use: 'home',
  text: address.line?.[0] ?? '',
  line: address.line ?? [],
  extension: address.extension ?? [],
});

/** Errors of registration, by what is known of duplicates in registers; how often each occurs is an assumption. */
export const registrationErrors: readonly RegistrationError[] = [
  { name: 'pinyin', percent: 4, apply: asPinyin },
  {
    name: 'homophone',
    percent: 9,
    apply: (patient, random) => withCharacter(patient, random, (character) => sameSound(character, random)),
  },
  { name: 'traditional', percent: 5, apply: (patient, random) => withCharacter(patient, random, otherWritten) },
  {
    name: 'wrong-character',
    percent: 2,
    apply: (patient, random) => withCharacter(patient, random, () => random.pick([...'明华丽军建国芳秀文海'])),
  },
  { name: 'no-national-id', percent: 30, apply: (patient) => withoutIdentifier(patient, systems.residentId) },
  {
    name: 'national-id-swapped',
    percent: 4,
    apply: (patient, random) =>
      withIdentifier(patient, systems.residentId, (value) => swapDigits(value, random, 6, 18)),
  },
  {
    name: 'national-id-digit',
    percent: 3,
    apply: (patient, random) => withIdentifier(patient, systems.residentId, (value) => otherDigit(value, random)),
  },
  {
    name: 'national-id-of-15',
    percent: 2,
    apply: (patient) =>
      withIdentifier(patient, systems.residentId, (value) =>
        value.slice(6, 8) === '19' ? value.slice(0, 6) + value.slice(8, 17) : undefined,
      ),
  },
  { name: 'no-insurance', percent: 50, apply: (patient) => withoutIdentifier(patient, systems.insuranceNumber) },
  { name: 'no-phone', percent: 10, apply: ({ telecom: _, ...patient }) => patient },
  { name: 'other-phone', percent: 20, apply: (patient, random) => withPhone(patient, () => mobileNumber(random)) },
  {
    name: 'phone-swapped',
    percent: 4,
    apply: (patient, random) => withPhone(patient, (value) => swapDigits(value, random, 0, value.length)),
  },
  {
    name: 'day-month-swapped',
    percent: 1,
    apply: (patient) => withBirthDate(patient, (date) => `${date.slice(0, 5)}${date.slice(8)}-${date.slice(5, 7)}`),
  },
  {
    name: 'birth-date-digit',
    percent: 1.5,
    apply: (patient, random) => withBirthDate(patient, (date) => date.slice(0, 9) + random.int(0, 9)),
  },
  { name: 'no-address', percent: 8, apply: ({ address: _, ...patient }) => patient },
  {
    name: 'short-address',
    percent: 20,
    apply: (patient) => patient.address?.[0] && { ...patient, address: [shortAddress(patient.address[0])] },
  },
  {
    name: 'other-sex',
    percent: 0.3,
    apply: (patient) => ({ ...patient, gender: patient.gender === 'male' ? 'female' : 'male' }),
  },
];
