import { type Day, parseDay } from '../dates.ts';
import type { Words } from '../fhir.ts';
import type { Institution, Staff, Village } from '../institutions/institution.ts';
import { planRegion, type RegionPlan } from '../institutions/region-plan.ts';
import type { RegionOptions } from '../region-options.ts';
import { drawHousehold } from '../residents/households.ts';
import type { Household, Person } from '../residents/person.ts';
import type { DepartmentKey } from '../tables/departments.ts';
import type { StaffRoleKey } from '../tables/staff-roles.ts';
import { demonstrationFamilies } from './families.ts';

export type DemoRole =
  | 'resident'
  | 'village-doctor'
  | 'family-doctor'
  | 'public-health-nurse'
  | 'hospital-physician'
  | 'pharmacist'
  | 'disease-control-officer'
  | 'insurer'
  | 'regulator'
  | 'administrator'
  | 'index-clerk'
  | 'privacy-officer';

/** Somebody as whom a visitor may look at a demonstration region. */
export interface DemoPerson {
  /** A short name for addresses: the same in every region. */
  id: string;
  role: DemoRole;
  name: Words;
  organization: Words;
  /** `Organization/...` for whom they work; undefined for residents. */
  worksFor: string | undefined;
  /** `Patient/...` or `Practitioner/...` in the region generated with the same options. */
  reference: string;
  description: Words;
}

/** The people of the demonstration who exist in the region of these options: four residents as far as it has so many, then staff. */
export function demoPeople(options: RegionOptions): DemoPerson[] {
  const now = parseDay(options.now);
  const plan = planRegion(options.seed, options.residents, now);
  return [...demoResidents(options, plan, now), ...demoStaff(plan)];
}

const residentDescriptions: Readonly<Record<string, Words>> = {
  'older-resident': {
    zh: '高血压、2型糖尿病管理对象，多年就诊、用药和检验记录',
    en: 'Years of care for hypertension and type 2 diabetes',
  },
  mother: {
    zh: '九个月大孩子的母亲，有完整的孕产记录',
    en: 'Mother of a nine-month-old, with the whole pregnancy on record',
  },
  infant: { zh: '九个月大的婴儿，预防接种和儿童体检', en: 'Nine months old: immunisations and child health checks' },
  'single-entry': { zh: '只有一次就诊记录', en: 'A record with a single visit' },
  'longest-name': { zh: '姓名最长的居民', en: 'The longest name' },
};

function demoResidents({ seed, residents }: RegionOptions, { villages }: RegionPlan, now: Day): DemoPerson[] {
  const households = demonstrationFamilies.map((_, index) => drawHousehold(seed, index, now, villages));
  const everybody = households.flatMap((household) => household.members.map((member) => ({ household, member })));
  const chosen: readonly (readonly [string, string])[] = [
    ['older-resident', 'household/0/0'],
    ['mother', 'household/1/0'],
    ['infant', 'household/1/2'],
    ['single-entry', 'household/2/0'],
    ['longest-name', 'household/3/0'],
  ];
  return everybody.slice(0, residents).flatMap(({ household, member }) => {
    const id = chosen.find(([, path]) => path === member.path)?.[0];
    return id === undefined ? [] : [demoResident(id, household, member)];
  });
}

function demoResident(id: string, { village }: Household, { id: uuid, name }: Person): DemoPerson {
  return {
    id,
    role: 'resident',
    name: { zh: name.text, en: name.pinyin.text },
    organization: village.centre.name,
    worksFor: undefined,
    reference: `Patient/${uuid}`,
    description: residentDescriptions[id] ?? { zh: '', en: '' },
  };
}

function demoStaff({ institutions, villages }: RegionPlan): DemoPerson[] {
  const village = villages.find(({ isRural }) => isRural) ?? villages[0];
  if (village === undefined) return [];
  const dataCentre = institutions.find(({ kind }) => kind.code === 'data-centre');
  return posts(village, dataCentre).flatMap(({ id, at, role, department, description }) => {
    const staff = at?.staff.find((each) => each.role === role && (department ?? each.department) === each.department);
    return staff === undefined ? [] : [demoStaffMember(id, staff, description)];
  });
}

interface Post {
  id: Exclude<DemoRole, 'resident'>;
  at: Institution | undefined;
  role: StaffRoleKey;
  department?: DepartmentKey;
  description: Words;
}

function posts({ clinic, centre, county, pharmacy }: Village, dataCentre: Institution | undefined): Post[] {
  const words = (zh: string, en: string): Words => ({ zh, en });
  return [
    { id: 'village-doctor', at: clinic, role: 'villageDoctor', description: words('乡村医生', 'Village doctor') },
    { id: 'family-doctor', at: centre, role: 'familyDoctor', description: words('家庭医生', 'Family doctor') },
    { id: 'public-health-nurse', at: centre, role: 'nurse', description: words('公共卫生护士', 'Public health nurse') },
    {
      id: 'hospital-physician',
      at: county.hospital,
      role: 'physician',
      department: 'cardiology',
      description: words('县医院心血管内科医师', 'Cardiologist of the county hospital'),
    },
    { id: 'pharmacist', at: pharmacy, role: 'pharmacist', description: words('药店药师', 'Pharmacist') },
    {
      id: 'disease-control-officer',
      at: county.diseaseControl,
      role: 'diseaseControlOfficer',
      description: words('县疾控中心人员', 'Disease-control officer of the county'),
    },
    {
      id: 'insurer',
      at: county.insurer,
      role: 'insurerOfficer',
      description: words('医保经办人员', 'Insurance officer'),
    },
    {
      id: 'regulator',
      at: county.commission,
      role: 'regulator',
      description: words('县卫生健康局', 'Regulator of the county'),
    },
    { id: 'administrator', at: dataCentre, role: 'administrator', description: words('平台管理员', 'Administrator') },
    { id: 'index-clerk', at: dataCentre, role: 'indexClerk', description: words('主索引管理员', 'Index clerk') },
    {
      id: 'privacy-officer',
      at: dataCentre,
      role: 'privacyOfficer',
      description: words('隐私专员', 'Privacy officer'),
    },
  ];
}

function demoStaffMember(id: Exclude<DemoRole, 'resident'>, staff: Staff, description: Words): DemoPerson {
  return {
    id,
    role: id,
    name: { zh: staff.name.text, en: staff.name.pinyin.text },
    organization: staff.institution.name,
    worksFor: `Organization/${staff.institution.id}`,
    reference: `Practitioner/${staff.id}`,
    description,
  };
}
