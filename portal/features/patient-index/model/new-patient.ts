import type { Patient } from 'fhir/r4.js';

export type RegistrationKind = 'resident' | 'newborn' | 'unknown';

/** What a clerk has typed; empty where nothing is known. */
export interface Registration {
  readonly kind: RegistrationKind;
  readonly name: string;
  readonly sex: 'male' | 'female' | 'unknown';
  readonly birthDate: string;
  readonly idNumber: string;
  readonly phone: string;
  readonly address: string;
  /** Of a newborn. */
  readonly motherName: string;
  readonly motherId: string;
  readonly birthTime: string;
  readonly birthOrder: string;
}

export const emptyRegistration: Registration = {
  kind: 'resident',
  name: '',
  sex: 'unknown',
  birthDate: '',
  idNumber: '',
  phone: '',
  address: '',
  motherName: '',
  motherId: '',
  birthTime: '',
  birthOrder: '',
};

const residentIdSystem = 'urn:oid:2.16.840.1.113883.2.23.1.9.1';
const motherUrl = 'http://meridian.health/fhir/StructureDefinition/mother';
const birthTimeUrl = 'http://hl7.org/fhir/StructureDefinition/patient-birthTime';

export type Missing = 'name' | 'birthDate' | 'motherName' | 'idNumber';

/** What must be filled in before somebody can be looked for. */
export function missingOf(form: Registration): Missing[] {
  const missing: Missing[] = [];
  if (form.kind === 'resident' && form.name.trim() === '') missing.push('name');
  if (form.kind === 'newborn' && form.motherName.trim() === '') missing.push('motherName');
  if (form.kind === 'newborn' && !/^\d{4}-\d\d-\d\d$/.test(form.birthDate)) missing.push('birthDate');
  if (form.idNumber.trim() !== '' && !/^(?:\d{15}|\d{17}[\dXx])$/.test(form.idNumber.trim())) missing.push('idNumber');
  return missing;
}

const childOf = { male: '之子', female: '之女', unknown: '之婴' };

/** Names that stand until somebody knows better, as registration desks write them. */
function temporaryName(form: Registration, now: Date, unknownName: string): string {
  if (form.kind === 'newborn') return `${form.motherName.trim()}${childOf[form.sex]}`;
  return `${unknownName} ${now.toISOString().slice(0, 16).replace('T', ' ')}`;
}

/** The Patient to be looked for, and opened when nobody is found. `unknownName` is how somebody unknown is called. */
export function patientToRegister(form: Registration, now: Date, unknownName: string): Patient {
  const isNamed = form.kind === 'resident';
  const motherId = form.motherId.trim().toUpperCase();
  const isNewborn = form.kind === 'newborn';
  const hasTime = isNewborn && form.birthDate !== '' && /^\d\d:\d\d$/.test(form.birthTime);
  return {
    resourceType: 'Patient',
    active: true,
    ...(isNewborn &&
      motherId !== '' && {
        extension: [{ url: motherUrl, valueReference: { identifier: { system: residentIdSystem, value: motherId } } }],
      }),
    ...(form.idNumber.trim() !== '' && {
      identifier: [{ use: 'official', system: residentIdSystem, value: form.idNumber.trim().toUpperCase() }],
    }),
    name: [
      isNamed
        ? { use: 'official', text: form.name.trim() }
        : { use: 'temp', text: temporaryName(form, now, unknownName) },
    ],
    ...(form.phone.trim() !== '' && { telecom: [{ system: 'phone', use: 'mobile', value: form.phone.trim() }] }),
    gender: form.sex,
    ...(form.birthDate !== '' && { birthDate: form.birthDate }),
    ...(hasTime && {
      _birthDate: {
        extension: [{ url: birthTimeUrl, valueDateTime: `${form.birthDate}T${form.birthTime}:00+08:00` }],
      },
    }),
    ...(form.address.trim() !== '' && { address: [{ use: 'home', text: form.address.trim() }] }),
    ...(isNewborn && /^[1-9]$/.test(form.birthOrder) && { multipleBirthInteger: Number(form.birthOrder) }),
    ...(isNewborn && {
      contact: [
        {
          relationship: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH' }] }],
          name: { text: form.motherName.trim() },
        },
      ],
    }),
  };
}
