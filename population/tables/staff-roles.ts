import { termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const role = termsOf(systems.staffRole);
const title = termsOf(systems.professionalTitle);

export const staffRoles = {
  physician: role('physician', '医师', 'Physician'),
  familyDoctor: role('family-doctor', '家庭医生', 'Family doctor'),
  villageDoctor: role('village-doctor', '乡村医生', 'Village doctor'),
  nurse: role('nurse', '护士', 'Nurse'),
  publicHealth: role('public-health-physician', '公共卫生医师', 'Public health physician'),
  midwife: role('midwife', '助产士', 'Midwife'),
  pharmacist: role('pharmacist', '药师', 'Pharmacist'),
  technician: role('technician', '检验技师', 'Laboratory technician'),
  diseaseControlOfficer: role('disease-control-officer', '疾控人员', 'Disease-control officer'),
  regulator: role('regulator', '卫生监督管理人员', 'Regulator'),
  insurerOfficer: role('insurer-officer', '医保经办人员', 'Insurance officer'),
  administrator: role('administrator', '平台管理员', 'Administrator'),
  indexClerk: role('index-clerk', '主索引管理员', 'Index clerk'),
  privacyOfficer: role('privacy-officer', '隐私专员', 'Privacy officer'),
} as const;

export type StaffRoleKey = keyof typeof staffRoles;

/** Titles by the years in practice after which they are held; the list of a role goes from junior to senior. */
export const titlesByRole: Readonly<Record<StaffRoleKey, readonly ReturnType<typeof title>[]>> = {
  physician: physicianTitles(),
  familyDoctor: physicianTitles(),
  publicHealth: physicianTitles(),
  diseaseControlOfficer: physicianTitles(),
  villageDoctor: [title('051', '乡村医生', 'Village doctor'), title('014', '助理医师', 'Assistant physician')],
  nurse: nurseTitles(),
  midwife: nurseTitles(),
  pharmacist: [title('024', '药师', 'Pharmacist'), title('023', '主管药师', 'Pharmacist in charge')],
  technician: [title('034', '检验技师', 'Technician'), title('033', '主管检验技师', 'Technician in charge')],
  regulator: [title('061', '科员', 'Officer'), title('062', '科长', 'Section chief')],
  insurerOfficer: [title('061', '科员', 'Officer')],
  administrator: [title('073', '工程师', 'Engineer')],
  indexClerk: [title('061', '科员', 'Officer')],
  privacyOfficer: [title('061', '科员', 'Officer')],
};

function physicianTitles() {
  return [
    title('013', '住院医师', 'Resident physician'),
    title('012', '主治医师', 'Attending physician'),
    title('011', '副主任医师', 'Associate chief physician'),
    title('010', '主任医师', 'Chief physician'),
  ];
}

function nurseTitles() {
  return [
    title('044', '护士', 'Nurse'),
    title('043', '护师', 'Senior nurse'),
    title('042', '主管护师', 'Supervisor nurse'),
  ];
}
