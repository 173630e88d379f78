import type { Role } from '../principal.ts';

/** Who may run what does more than read what they may read; the operator at the machine may run all. */
export const operations: Readonly<Record<string, readonly Role[]>> = {
  export: ['system', 'administrator'],
  import: ['system'],
  reindex: ['administrator'],
  expunge: [],
  merge: ['index-clerk'],
  'administer-accounts': ['administrator'],
  'dangling-references': ['administrator'],
  'validation-report': ['administrator'],
};
