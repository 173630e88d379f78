import type { Division } from '../divisions.ts';
import type { Term, Words } from '../fhir.ts';
import type { PersonName } from '../residents/names.ts';
import type { DepartmentKey } from '../tables/departments.ts';
import type { StaffRoleKey } from '../tables/staff-roles.ts';

/** A hospital, clinic, pharmacy or office of the region. */
export interface Institution {
  path: string;
  id: string;
  locationId: string;
  kind: Term;
  grade?: Term;
  name: Words;
  division: Division;
  parent?: Institution;
  staff: Staff[];
}

export interface Staff {
  id: string;
  roleId: string;
  name: PersonName;
  sex: 'female' | 'male';
  birthDay: number;
  role: StaffRoleKey;
  department?: DepartmentKey;
  institution: Institution;
}

/** The institutions that serve a county. */
export interface CountyCare {
  division: Division;
  hospital: Institution;
  chineseMedicine: Institution;
  maternal: Institution;
  diseaseControl: Institution;
  commission: Institution;
  cityHospital: Institution;
  insurer: Institution;
}

/** A village or a residents' community, with the places that care for its people. */
export interface Village {
  division: Division;
  township: Division;
  isRural: boolean;
  clinic: Institution;
  centre: Institution;
  pharmacy: Institution;
  county: CountyCare;
}
