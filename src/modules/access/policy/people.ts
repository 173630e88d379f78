import { caring, clinicians, treatment } from './roles.ts';
import type { Rule } from './rule.ts';

/** Who somebody is. On a Patient, the label of confidentiality says that the person is not to be found. */
export const peoplePolicy: readonly Rule[] = [
  {
    roles: clinicians,
    for: treatment,
    may: ['read'],
    of: ['Patient'],
    when: ['division', ...caring, 'custodian', 'emergency', 'consented'],
    sensitive: [...caring, 'custodian', 'emergency', 'consented'],
  },
  { roles: clinicians, for: treatment, may: ['create'], of: ['Patient'], when: ['anyone'] },
  { roles: clinicians, for: treatment, may: ['update'], of: ['Patient'], when: [...caring, 'custodian', 'emergency'] },
  // Whoever sits at the door must find everybody who may come in.
  {
    roles: ['receptionist', 'index-clerk'],
    for: ['HOPERAT'],
    may: ['read', 'update'],
    of: ['Patient', 'RelatedPerson'],
    when: ['anyone'],
    sensitive: ['treating', 'custodian'],
  },
  {
    roles: ['receptionist', 'index-clerk'],
    for: ['HOPERAT'],
    may: ['create'],
    of: ['Patient', 'RelatedPerson'],
    when: ['anyone'],
  },
  {
    roles: ['index-clerk'],
    for: ['HOPERAT'],
    may: ['read', 'create', 'update'],
    of: ['Person', 'Linkage'],
    when: ['anyone'],
  },
  {
    roles: ['pharmacist', 'cashier'],
    for: [...treatment, 'HPAYMT'],
    may: ['read'],
    of: ['Patient'],
    when: ['treating', 'referral', 'consultation', 'custodian'],
  },
  { roles: ['pharmacist'], for: treatment, may: ['read'], of: ['Patient'], when: ['prescription sent here'] },
  {
    roles: ['insurer', 'disease-control-officer', 'regulator'],
    for: ['HPAYMT', 'PUBHLTH', 'HOPERAT'],
    may: ['read'],
    of: ['Patient', 'RelatedPerson'],
    when: ['case'],
  },
  { roles: ['insurer'], for: ['HPAYMT'], may: ['read'], of: ['Patient'], when: ['custodian'] },
  {
    roles: ['resident'],
    for: ['PATRQT'],
    may: ['read'],
    of: ['Patient', 'RelatedPerson', 'Person'],
    when: ['self', 'proxy'],
  },
  {
    roles: clinicians,
    for: treatment,
    may: ['read', 'create', 'update'],
    of: ['RelatedPerson'],
    when: [...caring, 'custodian', 'emergency'],
  },
  {
    roles: ['system'],
    for: [...treatment, 'HOPERAT'],
    may: ['read', 'update'],
    of: ['Patient', 'RelatedPerson'],
    when: ['platform', ...caring, 'custodian'],
  },
  { roles: ['system'], for: [...treatment, 'HOPERAT'], may: ['create'], of: ['Patient'], when: ['anyone'] },
  {
    roles: ['system'],
    for: [...treatment, 'HOPERAT'],
    may: ['create'],
    of: ['RelatedPerson'],
    when: ['platform', ...caring, 'custodian'],
  },
  {
    roles: ['system'],
    for: ['HOPERAT'],
    may: ['read', 'create', 'update', 'delete'],
    of: ['Person', 'Linkage', 'VerificationResult'],
    when: ['platform'],
  },
  { roles: ['system'], for: ['HOPERAT'], may: ['delete'], of: ['Patient', 'RelatedPerson'], when: ['platform'] },
  {
    roles: ['privacy-officer'],
    for: ['HSYSADMIN'],
    may: ['read'],
    of: ['Patient', 'RelatedPerson', 'Person'],
    when: ['anyone'],
  },
];
