import type { Day } from '../dates.ts';
import type { Staff, Village } from '../institutions/institution.ts';
import type { EthnicGroup } from '../tables/ethnic-groups.ts';
import type { PersonName, Sex } from './names.ts';

/** A resident, before any care. */
export interface Person {
  path: string;
  id: string;
  sex: Sex;
  birthDay: Day;
  deathDay?: Day;
  name: PersonName;
  ethnicGroup: EthnicGroup;
  phone?: string;
  spouse?: Person;
  mother?: Person;
  father?: Person;
  isSigned: boolean;
  /** What a demonstration asks of the person's history. */
  script?: 'rich' | 'mother' | 'single-entry';
}

export interface Household {
  index: number;
  path: string;
  village: Village;
  line: string;
  doctor: Staff;
  members: Person[];
}
