/** Resource types in the words of somebody who is no physician. */
const thingOf: Readonly<Record<string, Thing>> = {
  Patient: 'identity',
  RelatedPerson: 'identity',
  Person: 'identity',
  Observation: 'results',
  DiagnosticReport: 'results',
  Specimen: 'results',
  ImagingStudy: 'results',
  Medication: 'medicines',
  MedicationRequest: 'medicines',
  MedicationDispense: 'medicines',
  MedicationStatement: 'medicines',
  MedicationAdministration: 'medicines',
  Condition: 'problems',
  AllergyIntolerance: 'allergies',
  Immunization: 'vaccinations',
  ImmunizationRecommendation: 'vaccinations',
  Encounter: 'visits',
  EpisodeOfCare: 'visits',
  Appointment: 'visits',
  Procedure: 'procedures',
  ServiceRequest: 'procedures',
  Coverage: 'bills',
  Claim: 'bills',
  ClaimResponse: 'bills',
  ExplanationOfBenefit: 'bills',
  Invoice: 'bills',
  CarePlan: 'care',
  CareTeam: 'care',
  Goal: 'care',
  FamilyMemberHistory: 'family',
  DocumentReference: 'documents',
  Composition: 'documents',
  Media: 'documents',
  QuestionnaireResponse: 'forms',
  Consent: 'consents',
  Communication: 'messages',
  'Account of sign-in': 'signIn',
};

export type Thing =
  | 'identity'
  | 'results'
  | 'medicines'
  | 'problems'
  | 'allergies'
  | 'vaccinations'
  | 'visits'
  | 'procedures'
  | 'bills'
  | 'care'
  | 'family'
  | 'documents'
  | 'forms'
  | 'consents'
  | 'messages'
  | 'signIn'
  | 'other'
  | 'trail';

/** Each once, in the order of the types; the list of looks itself, when no resource was looked at. */
export function thingsOf(types: readonly string[]): Thing[] {
  if (types.length === 0) return ['trail'];
  const things = new Set(types.map((type) => thingOf[type] ?? 'other'));
  // Whoever reads a result sees whose it is: that goes without saying.
  if (things.size > 1) things.delete('identity');
  return [...things];
}

const purposes = [
  'TREAT',
  'ETREAT',
  'PATRQT',
  'CAREMGT',
  'HPAYMT',
  'PUBHLTH',
  'HSYSADMIN',
  'HRESCH',
  'HOPERAT',
] as const;
export type Purpose = (typeof purposes)[number];

export const purposeOf = (code: string): Purpose | 'unknown' =>
  purposes.find((purpose) => purpose === code) ?? 'unknown';

const roles = [
  'resident',
  'village-doctor',
  'family-doctor',
  'public-health-nurse',
  'hospital-physician',
  'pharmacist',
  'receptionist',
  'cashier',
  'index-clerk',
  'disease-control-officer',
  'insurer',
  'regulator',
  'researcher',
  'privacy-officer',
  'administrator',
] as const;
export type StaffRole = (typeof roles)[number];

/** Undefined for a system and the operator. */
export const roleOf = (code: string): StaffRole | undefined => roles.find((role) => role === code);
