import type { Access } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import type { RoleAccess } from '../create-access.ts';
import { clinicians } from '../policy/index.ts';
import { type EmergencyView, viewOf } from './emergency.ts';
import { selectOpen, selectRid } from './queries.ts';

/** How somebody stands to the record of one patient. */
export interface RecordStanding {
  /** Some of the health record is open; otherwise who the patient is at most. */
  readonly isOpen: boolean;
  /** It could be opened in an emergency. */
  readonly mayBreakGlass: boolean;
  /** It is open in an emergency now. */
  readonly emergency?: EmergencyView;
}

/** Says nothing of whether there is such a patient. */
export async function standingTo(
  { pool, search, now }: Pick<FhirContext, 'pool' | 'search' | 'now'>,
  access: Access,
  patient: string,
): Promise<RecordStanding> {
  const { actor, isFull } = access;
  const mayBreakGlass = clinicians.some((role) => role === actor.role);
  if (isFull || !('whoseRecord' in access)) return { isOpen: isFull === true, mayBreakGlass };
  const { whoseRecord } = access as RoleAccess;
  const rid = await selectRid(pool, 'Patient', patient);
  const open = rid === undefined ? new Set() : await search.readable(pool, whoseRecord, [{ rid, type: 'Patient' }]);
  const emergency = mayBreakGlass && (await selectOpen(pool, { actor: actor.reference, patient, now: now() }));
  return {
    isOpen: rid !== undefined && open.has(rid),
    mayBreakGlass,
    ...(emergency && { emergency: viewOf(emergency, actor.reference, now()) }),
  };
}
