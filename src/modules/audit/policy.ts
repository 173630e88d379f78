import { type Access, type Actor, storeFor } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';

type Right = 'own' | 'all' | 'none';

/** Whose trail a role may read: that of the records which are theirs to read as a resident, all, or none. */
const reading: Readonly<Record<string, Right>> = {
  resident: 'own',
  'privacy-officer': 'all',
  operator: 'all',
};

/** What an administrator may see of the trail: that it is whole, not what stands in it. */
const seeingState = new Set(['privacy-officer', 'administrator', 'operator']);

const rightOf = ({ role }: Actor): Right => reading[role] ?? 'none';

export function requirePrivacyOfficer({ actor }: Access): void {
  if (rightOf(actor) === 'all') return;
  throw new Failure('forbidden', `As ${actor.role} you may not search the trail: that is for the privacy officer.`);
}

export function requireState({ actor }: Access): void {
  if (seeingState.has(actor.role)) return;
  throw new Failure('forbidden', `As ${actor.role} you may not see the state of the trail.`);
}

/** Fails with `forbidden` unless the actor may read who looked at this record: their own, that of somebody they act for, or any. */
export async function requireTrailOf(
  { pool, store, search }: Pick<FhirContext, 'pool' | 'store' | 'search'>,
  access: Access,
  patient: string,
): Promise<void> {
  const right = rightOf(access.actor);
  if (right === 'none') {
    throw new Failure(
      'forbidden',
      `As ${access.actor.role} you may not read who looked at a record: the resident may.`,
    );
  }
  if (right === 'all' || access.actor.reference === `Patient/${patient}`) return;
  const row = await storeFor(store, search, access).read(pool, 'Patient', patient);
  if (!row) throw new Failure('not-found', `There is no Patient/${patient}.`);
}
