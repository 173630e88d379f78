import type { Patient } from 'fhir/r4.js';

export type Sex = NonNullable<Patient['gender']>;

/** https://hl7.org/fhir/R4/valueset-administrative-gender.html; what was not recorded is unknown. */
export const sexOf = (patient: Pick<Patient, 'gender'>): Sex => patient.gender ?? 'unknown';
