import { termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const education = termsOf(systems.education);
const occupation = termsOf(systems.occupation);
const coverage = termsOf(systems.coverageType);

/** Codes of the personal basic information form (个人基本信息表). */
export const educations = {
  postgraduate: education('1', '研究生', 'Postgraduate'),
  bachelor: education('2', '大学本科', "Bachelor's degree"),
  college: education('3', '大学专科', 'College'),
  technical: education('4', '中等专业学校', 'Secondary technical school'),
  senior: education('6', '高中', 'Senior secondary school'),
  junior: education('7', '初中', 'Junior secondary school'),
  primary: education('8', '小学', 'Primary school'),
  illiterate: education('9', '文盲或半文盲', 'Illiterate or semi-literate'),
} as const;

type EducationShares = Partial<Record<keyof typeof educations, number>>;

/** Per cent by the last year of birth (census of 2020 in outline, assumption). */
export const educationByBirth: readonly (readonly [number, EducationShares])[] = [
  [1949, { illiterate: 32, primary: 46, junior: 16, senior: 4, college: 2 }],
  [1964, { illiterate: 9, primary: 44, junior: 34, senior: 9, college: 3, bachelor: 1 }],
  [1979, { illiterate: 2, primary: 26, junior: 46, technical: 5, senior: 10, college: 7, bachelor: 4 }],
  [1994, { primary: 7, junior: 38, technical: 7, senior: 14, college: 18, bachelor: 14, postgraduate: 2 }],
  [2100, { junior: 26, technical: 12, senior: 24, college: 20, bachelor: 17, postgraduate: 1 }],
];

export const occupations = {
  professional: occupation('1', '专业技术人员', 'Professional'),
  clerical: occupation('2', '办事人员', 'Clerical worker'),
  service: occupation('3', '商业、服务业人员', 'Commerce and services'),
  farmer: occupation('4', '农、林、牧、渔业生产人员', 'Agriculture'),
  worker: occupation('5', '生产、运输设备操作人员', 'Production and transport'),
  none: occupation('8', '无职业', 'No occupation'),
} as const;

type OccupationShares = Readonly<Record<keyof typeof occupations, number>>;

/** Per cent in villages and in towns, and of people with a degree (assumption). */
export const occupationShares: Readonly<Record<'rural' | 'urban' | 'degree', OccupationShares>> = {
  rural: { professional: 0, clerical: 1, service: 14, farmer: 66, worker: 15, none: 4 },
  urban: { professional: 4, clerical: 8, service: 47, farmer: 8, worker: 25, none: 8 },
  degree: { professional: 48, clerical: 30, service: 18, farmer: 0, worker: 2, none: 2 },
};

/** National codes of basic medical insurance. */
export const coverageTypes = {
  employee: coverage('310', '职工基本医疗保险', 'Basic medical insurance for employees'),
  resident: coverage('390', '城乡居民基本医疗保险', 'Basic medical insurance for residents'),
} as const;
