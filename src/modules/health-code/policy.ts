import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import type { Role } from '#modules/access/index.ts';
import type { Scope } from './code.ts';

/** Where a code is scanned. */
export const places = ['reception', 'pharmacy', 'cashier'] as const;
export type Place = (typeof places)[number];

interface PlaceRule {
  readonly roles: readonly Role[];
  /** What the code opens here at most. */
  readonly opens: readonly Scope[];
  /** Without one of these there is no use in it. */
  readonly needs: readonly Scope[];
}

/** Who scans where, and what it opens. A cashier sees no health data, and whoever takes payments only learns nothing else. */
export const placeRules: Readonly<Record<Place, PlaceRule>> = {
  reception: {
    roles: ['receptionist', 'public-health-nurse', 'village-doctor', 'family-doctor', 'hospital-physician'],
    opens: ['identity', 'visit', 'insurance'],
    needs: ['identity', 'visit'],
  },
  pharmacy: {
    roles: ['pharmacist'],
    opens: ['identity', 'prescriptions', 'insurance', 'payment'],
    needs: ['prescriptions'],
  },
  cashier: { roles: ['cashier'], opens: ['identity', 'insurance', 'payment'], needs: ['insurance', 'payment'] },
};

/** Fails with `forbidden` unless the actor may scan there. */
export function requirePlace({ actor }: Access, place: Place): PlaceRule {
  const rule = placeRules[place];
  if (!rule.roles.some((role) => role === actor.role)) {
    throw new Failure('forbidden', `As ${actor.role} you may not scan at the ${place}: ${rule.roles.join(', ')} may.`);
  }
  if (actor.organization === undefined) {
    throw new Failure('forbidden', 'Sign in for an institution: a code is opened to the one where it is scanned.');
  }
  return rule;
}
