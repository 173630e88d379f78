import { type Day, yearOf } from '../dates.ts';
import type { Random } from '../random.ts';
import { drawAdultAge, drawBirthDay, drawHouseholdKind, type HouseholdKind } from '../tables/ages.ts';
import { type EthnicGroup, ethnicGroups } from '../tables/ethnic-groups.ts';
import { uuidOf } from '../uuid.ts';
import { drawName, drawSurname, namingOf, type PersonName, type Sex } from './names.ts';
import type { Person } from './person.ts';
import { mobileNumber } from './phone.ts';

/** Draws the members of one household; a person's path, and so the id, is the place in the household. */
export class FamilyDraft {
  readonly members: Person[] = [];
  readonly random: Random;
  readonly now: Day;
  readonly #seed: number;
  readonly #path: string;

  constructor(random: Random, now: Day, seed: number, path: string) {
    this.random = random;
    this.now = now;
    this.#seed = seed;
    this.#path = path;
  }

  add(person: Omit<Person, 'path' | 'id' | 'isSigned' | 'phone'> & { phone?: string }): Person {
    const path = `${this.#path}/${this.members.length}`;
    const age = this.now - person.birthDay;
    const phone = person.phone ?? (age > 14 * 365 ? mobileNumber(this.random) : undefined);
    const added: Person = { ...person, path, id: uuidOf(this.#seed, path), phone, isSigned: false };
    this.members.push(added);
    return added;
  }

  /** Adds an adult of the given age, of a people that is drawn unless it is known. */
  adult(age: number, sex: Sex, people?: EthnicGroup, surname?: string): Person {
    const ethnicGroup = people ?? drawPeople(this.random);
    const birthDay = drawBirthDay(this.random, Math.max(age, 18), this.now);
    const code = ethnicGroup.term.code;
    const family = surname ?? fathersName(this.random, code);
    return this.add({ sex, birthDay, ethnicGroup, name: drawName(this.random, code, sex, yearOf(birthDay), family) });
  }

  couple(age: number): { woman: Person; man: Person } {
    const man = this.adult(age + this.random.int(0, 3), 'male');
    const people = this.random.chance(0.85) ? man.ethnicGroup : undefined;
    const woman = this.adult(age - this.random.int(0, 2), 'female', people);
    man.spouse = woman;
    woman.spouse = man;
    return { woman, man };
  }

  child(age: number, parents: { woman?: Person; man?: Person }): Person {
    const { woman, man } = parents;
    const sex = this.random.chance(0.525) ? 'male' : 'female';
    const birthDay = drawBirthDay(this.random, age, this.now);
    const ethnicGroup = (man ?? woman)?.ethnicGroup ?? drawPeople(this.random);
    const name = childName(this.random, ethnicGroup, sex, yearOf(birthDay), man ?? woman);
    return this.add({ sex, birthDay, ethnicGroup, name, mother: woman, father: man });
  }
}

export function drawFamily(draft: FamilyDraft): void {
  const age = drawAdultAge(draft.random);
  families[drawHouseholdKind(draft.random, age)](draft, age);
}

const families: Readonly<Record<HouseholdKind, (draft: FamilyDraft, age: number) => void>> = {
  alone: (draft, age) => draft.adult(age, loneSex(draft.random, age)),
  couple: (draft, age) => draft.couple(age),
  'couple-1-child': (draft, age) => addChildren(draft, age, draft.couple(age), 1),
  'couple-2-children': (draft, age) => addChildren(draft, age, draft.couple(age), 2),
  'single-parent': addSingleParent,
  'three-generations': addThreeGenerations,
  'with-grandchild': addGrandchild,
};

// Women outlive men.
const loneSex = (random: Random, age: number): Sex => (random.chance(age >= 65 ? 0.68 : 0.42) ? 'female' : 'male');

function addChildren(draft: FamilyDraft, age: number, parents: { woman?: Person; man?: Person }, count: number): void {
  let childAge = age - draft.random.int(23, 33);
  for (let index = 0; index < count && childAge <= 27; index++) {
    if (childAge >= 0) draft.child(childAge, parents);
    childAge -= draft.random.int(2, 6);
  }
}

function addSingleParent(draft: FamilyDraft, age: number): void {
  const isWoman = draft.random.chance(0.7);
  const parent = draft.adult(age, isWoman ? 'female' : 'male');
  addChildren(draft, age, isWoman ? { woman: parent } : { man: parent }, 1);
}

function addThreeGenerations(draft: FamilyDraft, age: number): void {
  const parents = draft.couple(age);
  const { man } = parents;
  const grandmother = draft.adult(age + draft.random.int(22, 29), 'female', man.ethnicGroup);
  man.mother = grandmother;
  addChildren(draft, age, parents, draft.random.chance(0.45) ? 2 : 1);
  if (draft.random.chance(0.5)) return;
  const surname = namingOf(man.ethnicGroup.term.code) === 'han' ? man.name.family : undefined;
  const grandfather = draft.adult(age + draft.random.int(24, 31), 'male', man.ethnicGroup, surname);
  man.father = grandfather;
  grandfather.spouse = grandmother;
  grandmother.spouse = grandfather;
}

/** Children of parents who work elsewhere live with their grandparents. */
function addGrandchild(draft: FamilyDraft, age: number): void {
  const { man } = draft.couple(age);
  const birthAge = Math.max(0, Math.min(14, age - draft.random.int(47, 58)));
  const sex = draft.random.chance(0.525) ? 'male' : 'female';
  const birthDay = drawBirthDay(draft.random, birthAge, draft.now);
  const name = childName(draft.random, man.ethnicGroup, sex, yearOf(birthDay), man);
  draft.add({ sex, birthDay, ethnicGroup: man.ethnicGroup, name });
}

function childName(random: Random, people: EthnicGroup, sex: Sex, birthYear: number, parent?: Person): PersonName {
  const code = people.term.code;
  const naming = namingOf(code);
  if (naming === 'uyghur')
    return drawName(random, code, sex, birthYear, parent?.name.given ?? fathersName(random, code));
  return drawName(random, code, sex, birthYear, parent?.name.family ?? drawSurname(random, code));
}

function fathersName(random: Random, code: string): string {
  return namingOf(code) === 'uyghur' ? drawName(random, code, 'male', 1950, '').given : drawSurname(random, code);
}

function drawPeople(random: Random): EthnicGroup {
  return random.weighted(ethnicGroups, ({ share }) => share);
}
