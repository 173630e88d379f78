import { caring, clinicians, treatment } from './roles.ts';
import type { Rule } from './rule.ts';
import { healthRecord, medicines, relationships, selfReported } from './types.ts';

const notRelationships = healthRecord.filter((type) => !relationships.some((name) => name === type));

/** What is known of a person's health. */
export const healthRecordPolicy: readonly Rule[] = [
  {
    roles: clinicians,
    for: treatment,
    may: ['read'],
    of: healthRecord,
    when: [...caring, 'emergency', 'consented'],
    sensitive: ['recorded here', 'mental health programme', 'emergency', 'consented'],
    closed: ['recorded here', 'emergency'],
  },
  {
    roles: clinicians,
    for: treatment,
    may: ['update'],
    of: notRelationships,
    when: [...caring, 'emergency', 'consented'],
    sensitive: ['recorded here', 'mental health programme', 'emergency', 'consented'],
    closed: ['recorded here', 'emergency'],
  },
  {
    roles: clinicians,
    for: treatment,
    may: ['create'],
    of: notRelationships,
    when: [...caring, 'emergency'],
  },
  // Who once looks in an emergency, or by consent, must not stay for good by their own hand.
  {
    roles: clinicians,
    for: treatment,
    may: ['create', 'update'],
    of: relationships,
    when: caring,
    sensitive: ['recorded here', 'mental health programme'],
  },
  // The first visit makes the relationship: it is written before there is one.
  {
    roles: [...clinicians, 'receptionist'],
    for: [...treatment, 'HOPERAT'],
    may: ['create', 'update'],
    of: ['Encounter'],
    when: ['recorded here'],
  },
  {
    roles: ['receptionist', 'cashier'],
    for: ['HOPERAT', 'HPAYMT'],
    may: ['read'],
    of: ['Encounter'],
    when: ['recorded here'],
  },
  {
    roles: ['pharmacist'],
    for: treatment,
    may: ['read'],
    of: medicines,
    when: ['treating', 'referral', 'consultation', 'programme', 'prescription sent here'],
    sensitive: ['recorded here', 'addressed'],
    closed: ['recorded here', 'addressed'],
  },
  // A prescription that is sent to a pharmacy opens itself, and what is dispensed on it is the pharmacy's own.
  { roles: ['pharmacist'], for: treatment, may: ['read'], of: medicines, when: ['addressed', 'recorded here'] },
  {
    roles: ['pharmacist'],
    for: treatment,
    may: ['create', 'update'],
    of: ['MedicationDispense', 'DetectedIssue'],
    when: ['recorded here'],
  },
  { roles: ['resident'], for: ['PATRQT'], may: ['read'], of: healthRecord, when: ['self'] },
  {
    roles: ['resident'],
    for: ['PATRQT'],
    may: ['read'],
    of: healthRecord,
    when: ['proxy'],
    // From the age at which one decides alone, one's parents see no more than others do.
    sensitive: ['young child'],
  },
  {
    roles: ['resident'],
    for: ['PATRQT'],
    may: ['create', 'update'],
    of: selfReported,
    when: ['self', 'proxy'],
    and: ['recorded by oneself'],
  },
  {
    roles: ['disease-control-officer', 'insurer', 'regulator'],
    for: ['PUBHLTH', 'HPAYMT', 'HOPERAT'],
    may: ['read'],
    of: healthRecord,
    when: ['case'],
  },
  // Clients of an institution carry what its people do; which of them, their own systems decide.
  {
    roles: ['system'],
    for: [...treatment, 'HOPERAT', 'PUBHLTH'],
    may: ['read', 'create', 'update'],
    of: healthRecord,
    when: ['platform', ...caring],
    sensitive: ['platform', 'recorded here', 'mental health programme'],
    closed: ['platform', 'recorded here'],
  },
  {
    roles: ['system'],
    for: [...treatment, 'HOPERAT'],
    may: ['create', 'update'],
    of: ['Encounter'],
    when: ['recorded here'],
  },
  {
    roles: ['system'],
    for: [...treatment, 'HOPERAT'],
    may: ['delete'],
    of: healthRecord,
    when: ['platform', 'recorded here'],
  },
];
