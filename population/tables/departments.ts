import { termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const department = termsOf(systems.department);

/** Departments with the codes of the list of clinical subjects (医疗机构诊疗科目名录). */
export const departments = {
  prevention: department('01', '预防保健科', 'Preventive care'),
  general: department('02', '全科医疗科', 'General practice'),
  internal: department('03', '内科', 'Internal medicine'),
  respiratory: department('03.01', '呼吸内科', 'Respiratory medicine'),
  digestive: department('03.02', '消化内科', 'Gastroenterology'),
  neurology: department('03.03', '神经内科', 'Neurology'),
  cardiology: department('03.04', '心血管内科', 'Cardiology'),
  nephrology: department('03.06', '肾病学', 'Nephrology'),
  endocrinology: department('03.07', '内分泌科', 'Endocrinology'),
  rheumatology: department('03.08', '免疫学（风湿科）', 'Rheumatology'),
  surgery: department('04.01', '普通外科', 'General surgery'),
  orthopaedics: department('04.03', '骨科', 'Orthopaedics'),
  urology: department('04.04', '泌尿外科', 'Urology'),
  gynaecology: department('05.01', '妇科', 'Gynaecology'),
  obstetrics: department('05.02', '产科', 'Obstetrics'),
  paediatrics: department('07', '儿科', 'Paediatrics'),
  childHealth: department('09', '儿童保健科', 'Child health'),
  ophthalmology: department('10', '眼科', 'Ophthalmology'),
  otolaryngology: department('11', '耳鼻咽喉科', 'Otolaryngology'),
  dentistry: department('12', '口腔科', 'Dentistry'),
  dermatology: department('13', '皮肤科', 'Dermatology'),
  psychiatry: department('15', '精神科', 'Psychiatry'),
  infection: department('16', '传染科', 'Infectious diseases'),
  oncology: department('19', '肿瘤科', 'Oncology'),
  emergency: department('20', '急诊医学科', 'Emergency medicine'),
  laboratory: department('30', '医学检验科', 'Laboratory medicine'),
  imaging: department('32', '医学影像科', 'Medical imaging'),
  chineseMedicine: department('50', '中医科', 'Traditional Chinese medicine'),
  pharmacy: department('80', '药剂科', 'Pharmacy'),
} as const;

export type DepartmentKey = keyof typeof departments;
