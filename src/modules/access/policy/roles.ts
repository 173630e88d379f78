import type { Role } from '../principal.ts';
import type { Purpose, Relation } from './rule.ts';

/** Who treats: they may also break the glass. */
export const clinicians = [
  'village-doctor',
  'family-doctor',
  'public-health-nurse',
  'hospital-physician',
] as const satisfies readonly Role[];

export const staff = [
  ...clinicians,
  'pharmacist',
  'receptionist',
  'cashier',
  'index-clerk',
  'disease-control-officer',
  'insurer',
  'regulator',
  'researcher',
  'privacy-officer',
  'administrator',
] as const satisfies readonly Role[];

export const everybody = ['resident', ...staff, 'system'] as const satisfies readonly Role[];

export const anyPurpose = [
  'TREAT',
  'ETREAT',
  'CAREMGT',
  'PATRQT',
  'HPAYMT',
  'PUBHLTH',
  'HOPERAT',
  'HSYSADMIN',
  'HRESCH',
] as const satisfies readonly Purpose[];

export const treatment = ['TREAT', 'ETREAT', 'CAREMGT'] as const satisfies readonly Purpose[];

/** Relations that come of care. */
export const caring = [
  'treating',
  'contract',
  'referral',
  'consultation',
  'programme',
] as const satisfies readonly Relation[];
