import { administrationPolicy } from './administration.ts';
import { appointmentsPolicy } from './appointments.ts';
import { directoryPolicy } from './directory.ts';
import { healthRecordPolicy } from './health-record.ts';
import { insurancePolicy } from './insurance.ts';
import { peoplePolicy } from './people.ts';
import type { Rule } from './rule.ts';

export { operations } from './operations.ts';
export { clinicians } from './roles.ts';
export type { Purpose, Relation, Rule } from './rule.ts';

/** Everything that is allowed. */
export const policy: readonly Rule[] = [
  ...peoplePolicy,
  ...healthRecordPolicy,
  ...appointmentsPolicy,
  ...insurancePolicy,
  ...directoryPolicy,
  ...administrationPolicy,
];
