import { termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const kind = termsOf(systems.institutionKind);
const grade = termsOf(systems.hospitalGrade);

export const kinds = {
  commission: kind('health-commission', '卫生健康行政部门', 'Health commission'),
  diseaseControl: kind('disease-control', '疾病预防控制中心', 'Centre for disease control and prevention'),
  insurer: kind('insurer', '医疗保障局', 'Healthcare security administration'),
  dataCentre: kind('data-centre', '卫生健康信息中心', 'Health information centre'),
  hospital: kind('general-hospital', '综合医院', 'General hospital'),
  chineseMedicine: kind('chinese-medicine-hospital', '中医医院', 'Hospital of traditional Chinese medicine'),
  maternal: kind('maternal-child-hospital', '妇幼保健院', 'Maternal and child health hospital'),
  communityCentre: kind('community-health-centre', '社区卫生服务中心', 'Community health service centre'),
  townshipCentre: kind('township-health-centre', '乡镇卫生院', 'Township health centre'),
  communityStation: kind('community-health-station', '社区卫生服务站', 'Community health service station'),
  villageClinic: kind('village-clinic', '村卫生室', 'Village clinic'),
  pharmacy: kind('pharmacy', '零售药店', 'Retail pharmacy'),
} as const;

export const grades = {
  tertiaryA: grade('3A', '三级甲等', 'Tertiary, grade A'),
  tertiaryB: grade('3B', '三级乙等', 'Tertiary, grade B'),
  secondaryA: grade('2A', '二级甲等', 'Secondary, grade A'),
  secondaryB: grade('2B', '二级乙等', 'Secondary, grade B'),
  primary: grade('1', '一级', 'Primary'),
  ungraded: grade('0', '未定级', 'Ungraded'),
} as const;

/** HL7's own word for the kind of organization. http://hl7.org/fhir/R4/valueset-organization-type.html */
export const organizationTypes: Readonly<Record<string, string>> = {
  'health-commission': 'govt',
  'disease-control': 'govt',
  insurer: 'ins',
  'data-centre': 'govt',
};
