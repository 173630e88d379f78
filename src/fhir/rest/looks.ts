import type { FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import { type Access, patientsOf, storeFor, type TrailEntity } from '../access/index.ts';
import type { FhirContext } from './context.ts';

/** What the interactions of one request need: the store lets through what its actor may, and writes under their name. */
export const contextFor = (context: FhirContext, access: Access): FhirContext => ({
  ...context,
  access,
  store: storeFor(context.store, context.search, access),
});

/** http://terminology.hl7.org/CodeSystem/v3-ActReason */
const emergencyTreatment = 'ETREAT';

interface Seen {
  readonly type: string;
  readonly id: string;
  readonly version?: number;
  readonly content: string;
}

/** Puts down that these resources were looked at; of a record that was opened in an emergency, before it is answered. */
export async function noteLook(
  { access, trail, now }: Pick<FhirContext, 'access' | 'trail' | 'now'>,
  interaction: string,
  seen: readonly Seen[],
  detail?: string,
): Promise<void> {
  const entities = seen.map(({ type, id, version }): TrailEntity => ({ type, id, version }));
  const patients = patientsOf(seen);
  const { openedInEmergency } = access;
  const isEmergency = openedInEmergency !== undefined && patients.some((id) => openedInEmergency.has(id));
  const actor = isEmergency ? { ...access.actor, purpose: emergencyTreatment } : access.actor;
  const entry = { action: 'R', interaction, outcome: '0', entities, patients } as const;
  trail.note({ actor, at: now(), ...entry, ...(detail && { detail }) });
  if (isEmergency) await trail.flush();
}

/** Puts down what was refused, and of what. */
export function noteRefusal(
  { access, trail, now }: FhirContext,
  { method }: FastifyRequest,
  { type, id }: { type?: string; id?: string },
  error: unknown,
): void {
  if (!(error instanceof Failure) || error.code !== 'forbidden') return;
  const entities = type !== undefined && id !== undefined && !id.startsWith('$') ? [{ type, id }] : [];
  const action = method === 'GET' || method === 'HEAD' ? 'R' : method === 'DELETE' ? 'D' : 'U';
  trail.note({
    actor: access.actor,
    at: now(),
    action,
    interaction: `${method} ${type ?? ''}`,
    outcome: '4',
    entities,
    patients: type === 'Patient' && id !== undefined ? [id] : [],
    detail: error.message,
  });
}
