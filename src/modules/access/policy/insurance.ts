import { caring, clinicians, treatment } from './roles.ts';
import type { Rule } from './rule.ts';
import { insurance, payments } from './types.ts';

/** Who pays, and how much. */
export const insurancePolicy: readonly Rule[] = [
  {
    roles: ['cashier'],
    for: ['HPAYMT'],
    may: ['read', 'create', 'update'],
    of: insurance,
    when: ['treating', 'consultation', 'custodian'],
  },
  {
    roles: ['insurer'],
    for: ['HPAYMT'],
    may: ['read', 'create', 'update'],
    of: insurance,
    when: ['custodian', 'case'],
  },
  {
    roles: ['receptionist'],
    for: ['HOPERAT'],
    may: ['read'],
    of: ['Coverage'],
    when: ['treating', 'consultation', 'custodian'],
  },
  {
    roles: clinicians,
    for: treatment,
    may: ['read'],
    of: ['Coverage', 'CoverageEligibilityResponse'],
    when: [...caring, 'emergency'],
  },
  { roles: ['resident'], for: ['PATRQT'], may: ['read'], of: insurance, when: ['self', 'proxy'] },
  { roles: ['regulator'], for: ['HOPERAT'], may: ['read'], of: insurance, when: ['case'] },
  {
    roles: ['system'],
    for: ['HPAYMT', 'HOPERAT'],
    may: ['read', 'create', 'update'],
    of: insurance,
    when: ['platform', 'treating', 'consultation', 'custodian'],
  },
  { roles: ['system'], for: ['HPAYMT', 'HOPERAT'], may: ['delete'], of: insurance, when: ['platform'] },
  {
    roles: ['cashier', 'insurer'],
    for: ['HPAYMT'],
    may: ['read', 'create', 'update'],
    of: payments,
    when: ['recorded here'],
  },
  {
    roles: ['system'],
    for: ['HPAYMT', 'HOPERAT'],
    may: ['read', 'create', 'update', 'delete'],
    of: payments,
    when: ['platform'],
  },
];
