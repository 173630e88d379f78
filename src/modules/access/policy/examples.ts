import type { AccessVerb } from '#fhir/access/index.ts';
import type { Role } from '../principal.ts';

/** How the actor of an example stands to the patient: by the one relation, and no other. */
export type Stand =
  | 'stranger'
  | 'self'
  | 'proxy'
  | 'proxy of a young child'
  | 'treating'
  | 'treated in another department'
  | 'treated elsewhere'
  | 'contract'
  | 'referral'
  | 'consultation'
  | 'programme'
  | 'mental health programme'
  | 'custodian'
  | 'division'
  | 'prescription sent here'
  | 'emergency'
  | 'emergency that is over'
  | 'case';

/** What the patient has said of the actor's institution. */
export type ConsentState = 'silent' | 'opened everything' | 'opened mental health' | 'revoked' | 'closed everything';

/** What it is done with: a type, and where it matters what it says and who has recorded it. */
export type Item =
  | 'Patient'
  | 'restricted Patient'
  | 'RelatedPerson'
  | 'Encounter'
  | 'Encounter here'
  | 'Condition'
  | 'Condition of mental health'
  | 'Condition of mental health here'
  | 'MedicationRequest'
  | 'MedicationRequest sent here'
  | 'Observation by oneself'
  | 'Coverage'
  | 'Appointment'
  | 'Consent'
  | 'Task'
  | 'Organization'
  | 'Questionnaire'
  | 'Binary'
  | 'AuditEvent'
  | 'Subscription';

/** These roles, standing so, may do this and nothing else: whatever stands in no example is refused. */
export interface Example {
  readonly as: readonly Role[];
  readonly stand: readonly Stand[];
  readonly consent: readonly ConsentState[];
  readonly may: readonly AccessVerb[];
  readonly with: readonly Item[];
}

const clinicians: readonly Role[] = ['village-doctor', 'family-doctor', 'public-health-nurse', 'hospital-physician'];
const officials: readonly Role[] = ['insurer', 'disease-control-officer', 'regulator'];
const others: readonly Role[] = [
  'pharmacist',
  'receptionist',
  'cashier',
  'index-clerk',
  'researcher',
  'privacy-officer',
];
const everybody: readonly Role[] = ['resident', ...clinicians, ...officials, ...others, 'administrator', 'system'];

const everyStand: readonly Stand[] = [
  'stranger',
  'self',
  'proxy',
  'proxy of a young child',
  'treating',
  'treated in another department',
  'treated elsewhere',
  'contract',
  'referral',
  'consultation',
  'programme',
  'mental health programme',
  'custodian',
  'division',
  'prescription sent here',
  'emergency',
  'emergency that is over',
  'case',
];
const byCare: readonly Stand[] = [
  'treating',
  'treated in another department',
  'contract',
  'referral',
  'consultation',
  'programme',
  'mental health programme',
];
const everyConsent: readonly ConsentState[] = [
  'silent',
  'opened everything',
  'opened mental health',
  'revoked',
  'closed everything',
];
const notClosed: readonly ConsentState[] = ['silent', 'opened everything', 'opened mental health', 'revoked'];
const opened: readonly ConsentState[] = ['opened everything', 'opened mental health'];

/** What everybody may who has signed in. */
const forEverybody: readonly Example[] = [
  { as: everybody, stand: everyStand, consent: everyConsent, may: ['read'], with: ['Organization', 'Questionnaire'] },
  {
    as: ['administrator'],
    stand: everyStand,
    consent: everyConsent,
    may: ['create', 'update', 'delete'],
    with: ['Organization', 'Questionnaire', 'Subscription'],
  },
  { as: ['administrator'], stand: everyStand, consent: everyConsent, may: ['read'], with: ['Subscription'] },
];

const forClinicians: readonly Example[] = [
  // The record of those whom one cares for, unless they have closed it.
  {
    as: clinicians,
    stand: byCare,
    consent: notClosed,
    may: ['read', 'update'],
    with: ['Encounter', 'Condition', 'MedicationRequest', 'Observation by oneself'],
  },
  {
    as: clinicians,
    stand: byCare,
    consent: everyConsent,
    may: ['create'],
    with: [
      'Encounter',
      'Condition',
      'Condition of mental health',
      'Condition of mental health here',
      'MedicationRequest',
      'Observation by oneself',
    ],
  },
  // What one's own institution has recorded stays open to it.
  {
    as: clinicians,
    stand: byCare,
    consent: everyConsent,
    may: ['read', 'update'],
    with: ['Condition of mental health here'],
  },
  { as: clinicians, stand: everyStand, consent: everyConsent, may: ['create', 'update'], with: ['Encounter here'] },
  { as: clinicians, stand: byCare, consent: everyConsent, may: ['read'], with: ['Encounter here'] },
  // What others have recorded of mental health: in that programme, by consent, in an emergency.
  {
    as: clinicians,
    stand: ['mental health programme'],
    consent: notClosed,
    may: ['read', 'update'],
    with: ['Condition of mental health'],
  },
  {
    as: clinicians,
    stand: everyStand,
    consent: ['opened mental health'],
    may: ['read', 'update'],
    with: ['Condition of mental health', 'Condition of mental health here'],
  },
  {
    as: clinicians,
    stand: ['emergency'],
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: [
      'Encounter',
      'Encounter here',
      'Condition',
      'Condition of mental health',
      'Condition of mental health here',
      'MedicationRequest',
      'Observation by oneself',
      'RelatedPerson',
      'Appointment',
      'Task',
    ],
  },
  {
    as: clinicians,
    stand: everyStand,
    consent: ['opened everything'],
    may: ['read', 'update'],
    with: [
      'Encounter',
      'Encounter here',
      'Condition',
      'MedicationRequest',
      'MedicationRequest sent here',
      'Observation by oneself',
    ],
  },
  // Who somebody is.
  {
    as: clinicians,
    stand: everyStand,
    consent: everyConsent,
    may: ['create'],
    with: ['Patient', 'restricted Patient'],
  },
  { as: clinicians, stand: everyStand, consent: opened, may: ['read'], with: ['Patient', 'restricted Patient'] },
  {
    as: clinicians,
    stand: [...byCare, 'custodian', 'emergency'],
    consent: everyConsent,
    may: ['read'],
    with: ['Patient', 'restricted Patient'],
  },
  {
    as: clinicians,
    stand: [...byCare, 'custodian', 'emergency'],
    consent: everyConsent,
    may: ['update'],
    with: ['Patient', 'restricted Patient'],
  },
  { as: clinicians, stand: ['division'], consent: everyConsent, may: ['read'], with: ['Patient'] },
  {
    as: clinicians,
    stand: [...byCare, 'custodian'],
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['RelatedPerson'],
  },
  {
    as: clinicians,
    stand: byCare,
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['Appointment', 'Task'],
  },
  { as: clinicians, stand: [...byCare, 'emergency'], consent: everyConsent, may: ['read'], with: ['Coverage'] },
];

const forResidents: readonly Example[] = [
  {
    as: ['resident'],
    stand: ['self', 'proxy', 'proxy of a young child'],
    consent: everyConsent,
    may: ['read'],
    with: [
      'Patient',
      'restricted Patient',
      'RelatedPerson',
      'Encounter',
      'Encounter here',
      'Condition',
      'MedicationRequest',
      'Observation by oneself',
      'Coverage',
      'Appointment',
      'Consent',
      'Task',
    ],
  },
  {
    as: ['resident'],
    stand: ['self', 'proxy of a young child'],
    consent: everyConsent,
    may: ['read'],
    with: ['Condition of mental health', 'Condition of mental health here'],
  },
  {
    as: ['resident'],
    stand: ['self', 'proxy', 'proxy of a young child'],
    consent: everyConsent,
    may: ['create', 'update'],
    with: ['Observation by oneself', 'Appointment'],
  },
];

const forOthers: readonly Example[] = [
  {
    as: ['receptionist', 'index-clerk'],
    stand: everyStand,
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['Patient', 'RelatedPerson'],
  },
  {
    as: ['receptionist', 'index-clerk'],
    stand: everyStand,
    consent: everyConsent,
    may: ['create'],
    with: ['restricted Patient'],
  },
  {
    as: ['receptionist', 'index-clerk'],
    stand: ['treating', 'treated in another department', 'custodian'],
    consent: everyConsent,
    may: ['read', 'update'],
    with: ['restricted Patient'],
  },
  {
    as: ['receptionist'],
    stand: everyStand,
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['Encounter here'],
  },
  {
    as: ['receptionist'],
    stand: ['treating', 'treated in another department', 'consultation', 'custodian'],
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['Appointment'],
  },
  {
    as: ['receptionist'],
    stand: ['treating', 'treated in another department', 'consultation', 'custodian'],
    consent: everyConsent,
    may: ['read'],
    with: ['Coverage'],
  },
  { as: ['cashier'], stand: everyStand, consent: everyConsent, may: ['read'], with: ['Encounter here'] },
  {
    as: ['cashier'],
    stand: ['treating', 'treated in another department', 'consultation', 'custodian'],
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['Coverage'],
  },
  {
    as: ['pharmacist', 'cashier'],
    stand: ['treating', 'treated in another department', 'referral', 'consultation', 'custodian'],
    consent: everyConsent,
    may: ['read'],
    with: ['Patient', 'restricted Patient'],
  },
  {
    as: ['pharmacist'],
    stand: ['prescription sent here'],
    consent: everyConsent,
    may: ['read'],
    with: ['Patient', 'restricted Patient', 'MedicationRequest sent here'],
  },
  {
    as: ['pharmacist'],
    stand: ['prescription sent here'],
    consent: notClosed,
    may: ['read'],
    with: ['MedicationRequest'],
  },
  {
    as: ['pharmacist'],
    stand: [
      'treating',
      'treated in another department',
      'referral',
      'consultation',
      'programme',
      'mental health programme',
    ],
    consent: notClosed,
    may: ['read'],
    with: ['MedicationRequest'],
  },
  {
    as: officials,
    stand: ['case'],
    consent: everyConsent,
    may: ['read'],
    with: [
      'Patient',
      'restricted Patient',
      'RelatedPerson',
      'Encounter',
      'Encounter here',
      'Condition',
      'Condition of mental health',
      'Condition of mental health here',
      'MedicationRequest',
      'Observation by oneself',
    ],
  },
  { as: ['regulator'], stand: ['case'], consent: everyConsent, may: ['read'], with: ['Coverage'] },
  {
    as: ['insurer'],
    stand: ['custodian', 'case'],
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['Coverage'],
  },
  {
    as: ['insurer'],
    stand: ['custodian'],
    consent: everyConsent,
    may: ['read'],
    with: ['Patient', 'restricted Patient'],
  },
  {
    as: ['privacy-officer'],
    stand: everyStand,
    consent: everyConsent,
    may: ['read'],
    with: ['Patient', 'restricted Patient', 'RelatedPerson', 'Consent', 'AuditEvent'],
  },
];

/** The system of an institution, such as a hospital's. */
const forSystems: readonly Example[] = [
  {
    as: ['system'],
    stand: byCare,
    consent: notClosed,
    may: ['read', 'create', 'update'],
    with: ['Encounter', 'Condition', 'MedicationRequest', 'Observation by oneself'],
  },
  {
    as: ['system'],
    stand: byCare,
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['Condition of mental health here', 'Encounter here'],
  },
  {
    as: ['system'],
    stand: ['mental health programme'],
    consent: notClosed,
    may: ['read', 'create', 'update'],
    with: ['Condition of mental health'],
  },
  {
    as: ['system'],
    stand: everyStand,
    consent: everyConsent,
    may: ['create', 'update', 'delete'],
    with: ['Encounter here'],
  },
  {
    as: ['system'],
    stand: everyStand,
    consent: everyConsent,
    may: ['delete'],
    with: ['Condition of mental health here'],
  },
  {
    as: ['system'],
    stand: everyStand,
    consent: everyConsent,
    may: ['create'],
    with: ['Patient', 'restricted Patient'],
  },
  {
    as: ['system'],
    stand: [...byCare, 'custodian'],
    consent: everyConsent,
    may: ['read', 'update'],
    with: ['Patient', 'restricted Patient', 'RelatedPerson'],
  },
  { as: ['system'], stand: [...byCare, 'custodian'], consent: everyConsent, may: ['create'], with: ['RelatedPerson'] },
  {
    as: ['system'],
    stand: ['treating', 'treated in another department', 'consultation', 'custodian'],
    consent: everyConsent,
    may: ['read', 'create', 'update'],
    with: ['Coverage', 'Appointment'],
  },
  { as: ['system'], stand: byCare, consent: everyConsent, may: ['read', 'create', 'update'], with: ['Task'] },
];

export const examples: readonly Example[] = [
  ...forEverybody,
  ...forClinicians,
  ...forResidents,
  ...forOthers,
  ...forSystems,
];

export { everybody, everyConsent, everyStand };
