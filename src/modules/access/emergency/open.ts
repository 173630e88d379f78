import { type Access, type Actor, fullAccess, type TrailEntry } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { method } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { partsOf } from '../conditions.ts';
import { clinicians } from '../policy/index.ts';
import { type Emergency, endOf } from './emergency.ts';
import { noticeOf } from './notice.ts';
import {
  countOpenings,
  endGrant,
  insertEmergency,
  insertGrant,
  lockEmergency,
  lockOpenings,
  selectOpen,
  selectRid,
  updateReleased,
} from './queries.ts';

export type EmergencyDependencies = Pick<FhirContext, 'pool' | 'store' | 'trail' | 'now' | 'newId'> & {
  readonly settings: EmergencySettings;
};

export interface EmergencySettings {
  /** For how long a record is opened. */
  readonly minutes: number;
  /** How many records one person may open in 24 hours. */
  readonly perDay: number;
}

const day = 24 * 3600_000;

/**
 * Opens the record of a patient to one clinician for a while, tells the resident, and puts it on the list of the privacy
 * officer: all at once or not at all. Whoever asks again while it is open gets the same emergency.
 */
export async function openInEmergency(
  deps: EmergencyDependencies,
  { actor }: Access,
  { patient, reason }: { patient: string; reason: string },
): Promise<{ emergency: Emergency; isNew: boolean }> {
  requireClinician(actor);
  return inTransaction(deps.pool, async (transaction) => {
    await lockOpenings(transaction, actor.reference);
    const now = deps.now();
    const known = await selectOpen(transaction, { actor: actor.reference, patient, now });
    if (known) return { emergency: known, isNew: false };
    await requireModeration(deps, transaction, actor.reference, now);
    const { type, id } = partsOf(actor.reference);
    const party = await selectRid(transaction, type, id);
    if (party === undefined) {
      throw new Failure(
        'business-rule',
        `The record does not know ${actor.reference}: ask an administrator to enter it.`,
      );
    }
    const patientRid = await selectRid(transaction, 'Patient', patient);
    if (patientRid === undefined) throw new Failure('not-found', `There is no Patient/${patient}.`);
    const ends = now + deps.settings.minutes * 60_000;
    const { reference, display, role, organization } = actor;
    const emergency = await insertEmergency(transaction, {
      ...{ id: deps.newId(), actor: reference, display, role, organization },
      ...{ patient, patientRid, reason, opened: now, ends },
    });
    await insertGrant(transaction, { party, patientRid, number: emergency.number, from: now, until: ends });
    await notify(deps, transaction, { ...actor, purpose: 'ETREAT' }, noticeOf('emergency-access', emergency, now));
    await deps.trail.write(transaction, [
      entryOf(actor, 'access.opened-emergency', emergency, now, `${emergency.id}: ${reason}`),
    ]);
    return { emergency, isNew: true };
  });
}

function requireClinician({ role }: Actor): void {
  if (clinicians.some((name) => name === role)) return;
  throw new Failure('forbidden', `As ${role} you may not open a record in an emergency: only clinicians may.`);
}

async function requireModeration(
  { settings }: EmergencyDependencies,
  transaction: Transaction,
  actor: string,
  now: number,
): Promise<void> {
  const openings = await countOpenings(transaction, actor, now - day);
  if (openings < settings.perDay) return;
  throw new Failure(
    'throttled',
    `You have opened ${openings} records in an emergency within 24 hours, as many as one person may. Ask a colleague, or the privacy officer.`,
  );
}

/** Writes a message to the resident under the name of whoever caused it. */
export async function notify(
  { store, newId }: EmergencyDependencies,
  transaction: Transaction,
  actor: Actor,
  resource: ReturnType<typeof noticeOf>,
): Promise<void> {
  await store.write(transaction, [
    { type: 'Communication', id: newId(), method: method.post, isNew: true, resource, access: fullAccess(actor) },
  ]);
}

export const entryOf = (
  actor: Actor,
  interaction: string,
  { patient }: Emergency,
  at: number,
  detail: string,
): TrailEntry => ({
  actor: interaction === 'access.judged-emergency' ? actor : { ...actor, purpose: 'ETREAT' },
  at,
  action: 'E',
  interaction,
  outcome: '0',
  entities: [{ type: 'Patient', id: patient }],
  patients: [patient],
  detail,
});

/** Closes the record again before its time; it is closed at once, everywhere. */
export async function release(deps: EmergencyDependencies, { actor }: Access, id: string): Promise<Emergency> {
  return inTransaction(deps.pool, async (transaction) => {
    const emergency = await lockEmergency(transaction, id);
    // Others are not told that there is one.
    if (!emergency || emergency.actor !== actor.reference) {
      throw new Failure('not-found', `You have not opened a record under ${id}.`);
    }
    const now = deps.now();
    if (endOf(emergency) <= now) return emergency;
    await updateReleased(transaction, emergency.number, now);
    await endGrant(transaction, emergency.number, now);
    await deps.trail.write(transaction, [entryOf(actor, 'access.released-emergency', emergency, now, emergency.id)]);
    return { ...emergency, released: now };
  });
}
