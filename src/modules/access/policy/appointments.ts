import { anyPurpose, caring, clinicians, everybody, treatment } from './roles.ts';
import type { Rule } from './rule.ts';
import { appointments, sourcePool } from './types.ts';

/** What can be booked, and who has booked it. */
export const appointmentsPolicy: readonly Rule[] = [
  { roles: everybody, for: anyPurpose, may: ['read'], of: sourcePool, when: ['anyone'] },
  {
    roles: ['receptionist', 'administrator'],
    for: ['HOPERAT', 'HSYSADMIN'],
    may: ['create', 'update', 'delete'],
    of: sourcePool,
    when: ['anyone'],
  },
  {
    roles: ['system'],
    for: [...treatment, 'HOPERAT'],
    may: ['create', 'update', 'delete'],
    of: sourcePool,
    when: ['anyone'],
  },
  {
    roles: clinicians,
    for: treatment,
    may: ['read', 'create', 'update'],
    of: appointments,
    when: [...caring, 'emergency', 'recorded by oneself'],
  },
  {
    roles: ['receptionist'],
    for: ['HOPERAT'],
    may: ['read', 'create', 'update'],
    of: appointments,
    when: ['treating', 'consultation', 'custodian', 'recorded here'],
  },
  {
    roles: ['resident'],
    for: ['PATRQT'],
    may: ['read', 'create', 'update'],
    of: appointments,
    when: ['self', 'proxy'],
  },
  {
    roles: ['system'],
    for: [...treatment, 'HOPERAT'],
    may: ['read', 'create', 'update'],
    of: appointments,
    when: ['platform', 'treating', 'consultation', 'custodian', 'recorded here'],
  },
  { roles: ['system'], for: [...treatment, 'HOPERAT'], may: ['delete'], of: appointments, when: ['platform'] },
];
