import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';

/**
 * Who may ask who somebody is: those who meet people and open records for them, and systems that do it for them. An answer
 * shows who is known, not what is known of their health.
 */
const askers: ReadonlySet<string> = new Set([
  'receptionist',
  'index-clerk',
  'village-doctor',
  'family-doctor',
  'public-health-nurse',
  'hospital-physician',
  'disease-control-officer',
  'system',
  'operator',
]);

/** Fails with `forbidden` for everybody else. */
export function requireAsker({ actor }: Access): void {
  if (askers.has(actor.role)) return;
  throw new Failure('forbidden', `As ${actor.role} you may not look for persons by who they are.`);
}

/** People at a desk are asked again when a person may be known; systems have numbers of their own to go by. */
export const isInteractive = ({ actor }: Access): boolean => actor.role !== 'system' && actor.role !== 'operator';

/** Who keeps the weights by which persons are matched. */
const keepers: ReadonlySet<string> = new Set(['index-clerk', 'administrator', 'operator']);

export function requireWeightKeeper({ actor }: Access): void {
  if (keepers.has(actor.role)) return;
  throw new Failure('forbidden', `As ${actor.role} you may not see or learn the weights of the patient index.`);
}
