import { expect, test } from 'vitest';
import { type DemoPerson, findDemoPeople } from './demo-people.ts';

const words = (zh: string, en: string) => ({ zh, en });
const doctor: DemoPerson = {
  id: 'family-doctor',
  role: 'family-doctor',
  name: words('陈一禾', 'Chen Yihe'),
  organization: words('百威镇卫生院', 'Baiwei Health Centre'),
  reference: 'Practitioner/1',
  description: words('家庭医生', 'Family doctor'),
};
const resident: DemoPerson = {
  ...doctor,
  id: 'older',
  role: 'resident',
  name: words('林素琴', 'Lin Suqin'),
  reference: 'Patient/1',
};

test.each([
  ['陈', ['family-doctor']],
  ['chenyi', ['family-doctor']],
  ['suqin baiwei', ['older']],
  ['RESIDENT', ['older']],
  ['', ['family-doctor', 'older']],
  ['nobody', []],
])('%j finds %j', (text, ids) => {
  const found = findDemoPeople([doctor, resident], text, (person) => person.role);
  expect(found.map((person) => person.id)).toEqual(ids);
});
