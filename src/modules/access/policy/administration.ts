import { anyPurpose, caring, clinicians, everybody, staff, treatment } from './roles.ts';
import type { Rule } from './rule.ts';

/** What runs the house. Consents are changed by the module `consent` alone, the trail by the module `audit`. */
export const administrationPolicy: readonly Rule[] = [
  {
    roles: clinicians,
    for: treatment,
    may: ['read', 'create', 'update'],
    of: ['Device', 'Task'],
    when: [...caring, 'emergency'],
  },
  {
    roles: ['resident'],
    for: ['PATRQT'],
    may: ['read'],
    of: ['Consent', 'Device', 'Task', 'ResearchSubject'],
    when: ['self', 'proxy'],
  },
  // Work is handed over by tasks: whoever gives one or has one sees it.
  {
    roles: [...staff, 'system'],
    for: anyPurpose,
    may: ['read', 'create', 'update'],
    of: ['Task'],
    when: ['addressed'],
  },
  { roles: [...staff, 'system'], for: anyPurpose, may: ['read'], of: ['Consent'], when: ['addressed'] },
  {
    roles: ['privacy-officer'],
    for: ['HSYSADMIN'],
    may: ['read'],
    of: ['AuditEvent', 'Consent', 'Provenance'],
    when: ['anyone'],
  },
  {
    roles: ['administrator'],
    for: ['HSYSADMIN'],
    may: ['read', 'create', 'update', 'delete'],
    of: ['Subscription'],
    when: ['anyone'],
  },
  {
    roles: ['system'],
    for: ['HOPERAT', 'HSYSADMIN'],
    may: ['read', 'create', 'update', 'delete'],
    of: ['Subscription', 'Binary', 'Bundle', 'MessageHeader', 'Group', 'MeasureReport'],
    when: ['platform'],
  },
  {
    roles: ['system'],
    for: [...treatment, 'HOPERAT'],
    may: ['read', 'create', 'update'],
    of: ['Device', 'Task'],
    when: ['platform', ...caring],
  },
  // Lists of patients for a bulk export belong to whoever manages them: their members are not shown to others.
  {
    roles: ['system'],
    for: ['HOPERAT'],
    may: ['read', 'create', 'update'],
    of: ['Group'],
    when: ['recorded here'],
  },
  // Figures of many say nothing of one.
  { roles: everybody, for: anyPurpose, may: ['read'], of: ['MeasureReport'], when: ['about nobody'] },
  {
    roles: ['administrator'],
    for: ['HSYSADMIN'],
    may: ['create', 'update', 'delete'],
    of: ['MeasureReport'],
    when: ['about nobody'],
  },
];
