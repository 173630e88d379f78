import { anyPurpose, everybody, staff } from './roles.ts';
import type { Rule } from './rule.ts';
import { catalogue, directory, knowledge } from './types.ts';

/** Who and what there is, and what is known: open to whoever has signed in. */
export const directoryPolicy: readonly Rule[] = [
  {
    roles: everybody,
    for: anyPurpose,
    may: ['read'],
    of: [...directory, ...catalogue, ...knowledge],
    when: ['anyone'],
  },
  {
    roles: ['administrator'],
    for: ['HSYSADMIN'],
    may: ['create', 'update', 'delete'],
    of: [...directory, ...catalogue, ...knowledge],
    when: ['anyone'],
  },
  {
    roles: ['system'],
    for: ['HOPERAT', 'HSYSADMIN'],
    may: ['create', 'update', 'delete'],
    of: [...directory, ...catalogue, ...knowledge],
    when: ['platform'],
  },
  // A hospital's system keeps the hospital's own people and rooms.
  {
    roles: ['system'],
    for: ['HOPERAT', 'HSYSADMIN'],
    may: ['create', 'update'],
    of: ['HealthcareService', 'Location', 'PractitionerRole'],
    when: ['recorded here'],
  },
  {
    roles: ['system'],
    for: ['HOPERAT', 'HSYSADMIN'],
    may: ['create'],
    of: ['Medication', 'Substance'],
    when: ['anyone'],
  },
  // A device that is nobody's stands on a shelf; one that somebody wears belongs to their record.
  { roles: [...staff, 'resident', 'system'], for: anyPurpose, may: ['read'], of: ['Device'], when: ['about nobody'] },
  {
    roles: ['administrator', 'system'],
    for: ['HSYSADMIN', 'HOPERAT'],
    may: ['create', 'update'],
    of: ['Device'],
    when: ['about nobody'],
  },
];
