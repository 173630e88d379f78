/** What a demonstration person does in the region; it decides on which room they open. */
export type DemoRole =
  | 'resident'
  | 'village-doctor'
  | 'family-doctor'
  | 'public-health-nurse'
  | 'hospital-physician'
  | 'pharmacist'
  | 'disease-control-officer'
  | 'insurer'
  | 'regulator'
  | 'administrator';

/** The same words for both kinds of reader; of a name, the characters and the pinyin. */
export interface Words {
  zh: string;
  en: string;
}

/** Somebody of the demonstration region as whom one may sign in without a password, until real sign-in replaces it. */
export interface DemoPerson {
  /** A short name for addresses. */
  id: string;
  role: DemoRole;
  name: Words;
  /** Where they work, or who keeps their record. */
  organization: Words;
  /** `Patient/...` or `Practitioner/...` on this server. */
  reference: string;
  /** What tells them apart, in half a line. */
  description: Words;
}
