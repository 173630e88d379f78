/**
 * Who may do what in the directory. Everybody who signed in may look institutions up: they are no secret. What is changed is
 * changed by whoever looks after the branch of divisions in which it lies.
 */
export const mayEdit: ReadonlySet<string> = new Set(['administrator', 'operator']);

/** Who sees staff beyond name, title and place: licence numbers, phones, ends of registrations. */
export const maySeeStaff: ReadonlySet<string> = new Set([
  'administrator',
  'operator',
  'regulator',
  'disease-control-officer',
  'insurer',
  'hospital-physician',
  'family-doctor',
  'village-doctor',
  'public-health-nurse',
  'pharmacist',
  'receptionist',
]);
