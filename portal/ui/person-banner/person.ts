import type { Patient } from 'fhir/r4.js';
import { addressText, homeAddress } from '../address/address.ts';
import { type PersonName, parseHumanNames } from '../human-name/human-name.ts';
import { identifierOf } from '../identifier/identifier.ts';
import { type Sex, sexOf } from '../sex/sex.ts';

/** What every page about a person says first. */
export interface Person {
  id: string;
  name: PersonName;
  sex: Sex;
  birthDate: string | undefined;
  /** When the person died; true when only the fact is known. */
  died: string | true | undefined;
  idCard: string | undefined;
  recordNumber: string | undefined;
  phones: string[];
  address: string | undefined;
}

export function patientToPerson(patient: Patient): Person {
  const home = homeAddress(patient.address);
  return {
    id: patient.id ?? '',
    name: parseHumanNames(patient.name),
    sex: sexOf(patient),
    birthDate: patient.birthDate,
    died: patient.deceasedDateTime ?? (patient.deceasedBoolean ? true : undefined),
    idCard: identifierOf('id-card', patient.identifier),
    recordNumber: identifierOf('health-record', patient.identifier),
    phones: (patient.telecom ?? []).filter((point) => point.system === 'phone').flatMap((point) => point.value ?? []),
    address: home && addressText(home),
  };
}
