import type { DepartmentKey } from './departments.ts';
import type { StaffRoleKey } from './staff-roles.ts';

export interface Post {
  role: StaffRoleKey;
  department?: DepartmentKey;
}

const physicians = (...departments: DepartmentKey[]): Post[] =>
  departments.map((department) => ({ role: 'physician', department }));

const support: readonly Post[] = [
  { role: 'nurse', department: 'internal' },
  { role: 'nurse', department: 'surgery' },
  { role: 'technician', department: 'laboratory' },
  { role: 'pharmacist', department: 'pharmacy' },
];

const centre: readonly Post[] = [
  { role: 'familyDoctor', department: 'general' },
  { role: 'familyDoctor', department: 'general' },
  { role: 'physician', department: 'chineseMedicine' },
  { role: 'publicHealth', department: 'prevention' },
  { role: 'nurse', department: 'prevention' },
  { role: 'technician', department: 'laboratory' },
  { role: 'pharmacist', department: 'pharmacy' },
];

/** The posts of an institution by its kind (a skeleton of each, assumption). */
export const staffing: Readonly<Record<string, readonly Post[]>> = {
  'general-hospital': [
    ...physicians('cardiology', 'endocrinology', 'respiratory', 'digestive', 'neurology', 'nephrology', 'rheumatology'),
    ...physicians('surgery', 'orthopaedics', 'urology', 'obstetrics', 'gynaecology', 'paediatrics', 'ophthalmology'),
    ...physicians(
      'otolaryngology',
      'dentistry',
      'dermatology',
      'psychiatry',
      'infection',
      'oncology',
      'emergency',
      'imaging',
    ),
    { role: 'midwife', department: 'obstetrics' },
    ...support,
  ],
  'chinese-medicine-hospital': [
    ...physicians('chineseMedicine', 'chineseMedicine', 'orthopaedics', 'internal'),
    ...support,
  ],
  'maternal-child-hospital': [
    ...physicians('obstetrics', 'obstetrics', 'gynaecology', 'paediatrics', 'childHealth'),
    { role: 'midwife', department: 'obstetrics' },
    ...support,
  ],
  'community-health-centre': centre,
  'township-health-centre': centre,
  'community-health-station': [{ role: 'familyDoctor', department: 'general' }],
  'village-clinic': [{ role: 'villageDoctor', department: 'general' }],
  pharmacy: [{ role: 'pharmacist', department: 'pharmacy' }],
  'disease-control': [{ role: 'diseaseControlOfficer' }, { role: 'diseaseControlOfficer' }],
  'health-commission': [{ role: 'regulator' }],
  insurer: [{ role: 'insurerOfficer' }],
  'data-centre': [{ role: 'administrator' }, { role: 'indexClerk' }, { role: 'privacyOfficer' }],
};
