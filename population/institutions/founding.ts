import { dayOf, yearOf } from '../dates.ts';
import type { Division } from '../divisions.ts';
import type { Term, Words } from '../fhir.ts';
import { Random } from '../random.ts';
import { drawName, drawSurname, nameOf } from '../residents/names.ts';
import type { Post } from '../tables/staffing.ts';
import { staffing } from '../tables/staffing.ts';
import { uuidOf } from '../uuid.ts';
import type { Institution, Staff } from './institution.ts';

interface Founding {
  kind: Term;
  grade?: Term;
  name: Words;
  division: Division;
  parent?: Institution;
}

/** Opens institutions and keeps them in the order in which they were opened. */
export class Founder {
  readonly institutions: Institution[] = [];
  readonly #seed: number;
  readonly #now: number;

  constructor(seed: number, now: number) {
    this.#seed = seed;
    this.#now = now;
  }

  open(founding: Founding): Institution {
    const path = `institution/${founding.division.code}/${founding.kind.code}/${founding.name.zh}`;
    const institution: Institution = {
      ...founding,
      path,
      id: uuidOf(this.#seed, path),
      locationId: uuidOf(this.#seed, `${path}/location`),
      staff: [],
    };
    const posts = staffing[founding.kind.code] ?? [];
    institution.staff = posts.map((post, index) => this.#employ(institution, post, index));
    this.institutions.push(institution);
    return institution;
  }

  #employ(institution: Institution, { role, department }: Post, index: number): Staff {
    const path = `${institution.path}/staff/${index}`;
    const random = new Random(`${this.#seed}/${path}`);
    const sex = role === 'nurse' || role === 'midwife' || random.chance(0.5) ? 'female' : 'male';
    const birthDay = dayOf(yearOf(this.#now) - random.int(26, 58), random.int(1, 12), random.int(1, 28));
    const name = drawName(random, '01', sex, yearOf(birthDay), drawSurname(random, '01'));
    const id = uuidOf(this.#seed, path);
    return { id, roleId: uuidOf(this.#seed, `${path}/role`), name, sex, birthDay, role, department, institution };
  }
}

/** The family doctor whom the demonstration presents. */
export function nameDemonstrationDoctor(centre: Institution, now: number): void {
  const doctor = centre.staff.find(({ role }) => role === 'familyDoctor');
  if (doctor === undefined) throw new Error(`${centre.name.en} has no family doctor`);
  Object.assign(doctor, { name: nameOf('一禾', '陈'), sex: 'female', birthDay: dayOf(yearOf(now) - 38, 5, 16) });
}
