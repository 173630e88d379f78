/** What a demonstration person does in the region; it decides on which room they open. */
export type DemoRole =
  | 'resident'
  | 'family-doctor'
  | 'village-doctor'
  | 'physician'
  | 'nurse'
  | 'pharmacist'
  | 'public-health-officer';

/** The same words for both kinds of reader. */
export interface Wording {
  en: string;
  'zh-CN': string;
}

/** Somebody of the demonstration region as whom one may sign in without a password, until real sign-in replaces it. */
export interface DemoPerson {
  /** Stable and fit for an address, such as a FHIR id. */
  id: string;
  role: DemoRole;
  name: { characters?: string; latin?: string };
  /** Where they work or live. */
  place?: Wording;
  /** One line that tells them apart: "68, hypertension and diabetes". */
  about?: Wording;
  /** The Patient whose record is theirs; for residents. */
  patientId?: string;
  practitionerId?: string;
}
