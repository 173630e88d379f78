import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import type { Role } from '#modules/access/index.ts';

const clinicians: readonly Role[] = [
  'village-doctor',
  'family-doctor',
  'public-health-nurse',
  'hospital-physician',
  'pharmacist',
];

/** Who may do what with consents. Whose record it is, is decided beside it: one's own, or that of whom one acts for. */
const policy = {
  'ask for consent': [...clinicians, 'insurer'],
  'decide about a record': ['resident'],
  'ask to act for somebody': ['resident'],
  'approve of a mandate': ['receptionist', 'index-clerk', 'privacy-officer'],
  'read any consent': ['privacy-officer'],
} as const satisfies Record<string, readonly Role[]>;

export type ConsentAct = keyof typeof policy;

export const may = ({ actor: { role } }: Access, act: ConsentAct): boolean =>
  (policy[act] as readonly string[]).includes(role);

/** Fails with `forbidden`. */
export function requireRole(access: Access, act: ConsentAct): void {
  if (may(access, act)) return;
  throw new Failure('forbidden', `As ${access.actor.role} you may not ${act}: ${policy[act].join(', ')} may.`);
}
