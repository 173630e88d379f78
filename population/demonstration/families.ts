import { addMonths, type Day, dayOf, yearOf } from '../dates.ts';
import type { FamilyDraft } from '../residents/family.ts';
import { nameOf, type PersonName, type Sex } from '../residents/names.ts';
import type { Person } from '../residents/person.ts';
import { type EthnicGroup, ethnicGroups } from '../tables/ethnic-groups.ts';

/** The first households of every region: the people whom the demonstration presents. */
export const demonstrationFamilies: readonly ((draft: FamilyDraft) => void)[] = [
  richHistory,
  motherAndChild,
  singleEntry,
  longestName,
];

function richHistory(draft: FamilyDraft): void {
  const woman = draft.add({
    ...person('female', draft.now, 68, 3, 14, nameOf('素琴', '林')),
    script: 'rich',
    phone: '13887754208',
  });
  const man = draft.add(person('male', draft.now, 71, 8, 2, nameOf('国富', '杨')));
  marry(woman, man);
  sign(woman, man);
}

function motherAndChild(draft: FamilyDraft): void {
  const woman = draft.add({ ...person('female', draft.now, 29, 6, 21, nameOf('晓雯', '段'), '14'), script: 'mother' });
  const man = draft.add(person('male', draft.now, 31, 2, 9, nameOf('志鹏', '李')));
  marry(woman, man);
  const child = draft.add({
    sex: 'female',
    birthDay: addMonths(draft.now, -9) - 6,
    name: nameOf('一诺', '李'),
    ethnicGroup: woman.ethnicGroup,
    mother: woman,
    father: man,
  });
  sign(woman, child);
}

function singleEntry(draft: FamilyDraft): void {
  draft.add({ ...person('male', draft.now, 24, 11, 3, nameOf('磊', '欧阳')), script: 'single-entry' });
}

function longestName(draft: FamilyDraft): void {
  const woman = draft.add(
    person('female', draft.now, 46, 4, 30, nameOf('阿依夏木古丽', '阿卜杜热合曼', 'uyghur'), '05'),
  );
  const daughter = draft.add({
    ...person('female', draft.now, 17, 9, 12, nameOf('阿依古丽', '买买提', 'uyghur'), '05'),
    mother: woman,
  });
  sign(woman, daughter);
}

/** Somebody who has the given age today. */
function person(sex: Sex, now: Day, age: number, month: number, date: number, name: PersonName, people = '01') {
  const year = yearOf(now) - age;
  const birthdayThisYear = dayOf(yearOf(now), month, date);
  const birthDay = dayOf(birthdayThisYear <= now ? year : year - 1, month, date);
  return { sex, birthDay, name, ethnicGroup: peopleOf(people) };
}

function peopleOf(code: string): EthnicGroup {
  const people = ethnicGroups.find(({ term }) => term.code === code);
  if (people === undefined) throw new Error(`GB/T 3304 has no ethnic group ${code}`);
  return people;
}

function marry(woman: Person, man: Person): void {
  woman.spouse = man;
  man.spouse = woman;
}

function sign(...people: Person[]): void {
  for (const each of people) each.isSigned = true;
}
