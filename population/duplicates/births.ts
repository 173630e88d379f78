import type { Extension, Identifier, Patient } from 'fhir/r4.js';
import { type Day, printDay, printInstant } from '../dates.ts';
import { extensionBase } from '../fhir.ts';
import type { Random } from '../random.ts';
import { residentIdCheck } from '../residents/resident-id.ts';
import { systems } from '../systems.ts';
import { givenNames } from '../tables/names.ts';

export const birthTimeUrl = 'http://hl7.org/fhir/StructureDefinition/patient-birthTime';

export interface Birth {
  day: Day;
  minute: number;
  motherName: string;
  motherId: string;
  /** Of several. */
  order: number | undefined;
}

/** A newborn as the maternity ward registers it: named after the mother, without an id number. */
export function newbornRecord(grown: Patient, birth: Birth): Patient {
  return {
    resourceType: 'Patient',
    name: [
      {
        use: 'official',
        text: `${birth.motherName}之${grown.gender === 'male' ? '子' : '女'}${['', '一', '二'][birth.order ?? 0] ?? ''}`,
      },
    ],
    ...(grown.gender && { gender: grown.gender }),
    birthDate: printDay(birth.day),
    _birthDate: { extension: [{ url: birthTimeUrl, valueDateTime: printInstant(birth.day, birth.minute) }] },
    ...(grown.telecom && { telecom: grown.telecom }),
    ...(grown.address && { address: grown.address }),
    extension: [motherExtension(birth.motherId)],
    ...(birth.order !== undefined && { multipleBirthInteger: birth.order }),
  };
}

export const motherExtension = (motherId: string): Extension => ({
  url: `${extensionBase}mother`,
  valueReference: { identifier: { system: systems.residentId, value: motherId } },
});

/** The other twin: same day, home, mother and surname, a name that is near, and often the next id number. */
export function twinOf(patient: Patient, random: Random): Patient {
  const [name] = patient.name ?? [];
  const own = name?.given?.[0] ?? '';
  const fashion = givenNames.at(-1)?.[patient.gender === 'female' ? 'female' : 'male'];
  const others = [...(fashion?.second ?? '宸')].filter((character) => !own.includes(character));
  const given = own.slice(0, 1) + random.pick(others);
  const family = name?.family ?? '';
  return {
    ...patient,
    id: `${patient.id?.slice(0, -1)}t`,
    name: [{ use: 'official', text: family + given, family, given: [given] }],
    identifier: patient.identifier?.map((identifier) => twinIdentifier(identifier)),
  };
}

function twinIdentifier(identifier: Identifier): Identifier {
  const { system, value = '' } = identifier;
  // Far from the numbers that the register gives out.
  if (system !== systems.residentId) return { ...identifier, value: otherHalf(value) };
  const serial = String((Number(value.slice(14, 17)) + 2) % 1000).padStart(3, '0');
  const first17 = value.slice(0, 14) + serial;
  return { ...identifier, value: first17 + residentIdCheck(first17) };
}

const otherHalf = (value: string): string =>
  value.slice(0, -5) + String((Number(value.slice(-5)) + 50_000) % 100_000).padStart(5, '0');
