import type { Actor, Trail, TrailEntity } from '#fhir/access/index.ts';
import { instantOf, method, type Outcome, type Store } from '#fhir/store/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import type { Decision } from './merge-record.ts';

export interface TrailWriting {
  readonly trail: Trail;
  readonly actor: Actor;
  /** Microseconds since 1970 UTC. */
  readonly at: number;
}

/** What was done to resources of these Patients, in the transaction in which it was done. */
export async function putDown(
  { trail, actor, at }: TrailWriting,
  transaction: Transaction,
  interaction: '$merge' | '$unmerge' | 'patient-index.carried',
  patients: readonly string[],
  entities: readonly TrailEntity[],
): Promise<void> {
  if (entities.length === 0) return;
  const entry = { actor, at: at / 1000, action: 'U', interaction, outcome: '0', entities, patients } as const;
  await trail.write(transaction, [entry]);
}

/** https://terminology.hl7.org/CodeSystem-iso-21089-lifecycle.html */
const activities = { merge: 'Merge Record Lifecycle Event', unmerge: 'Unmerge Record Lifecycle Event' };

/** Says beside both Patients what became of them, by whom and why. */
export function writeProvenance(
  store: Store,
  transaction: Transaction,
  activity: keyof typeof activities,
  { by, byName, reason, at }: Decision,
  id: string,
  patients: readonly Outcome[],
): Promise<Outcome[]> {
  const resource: JsonObject = {
    resourceType: 'Provenance',
    target: patients.map((patient) => ({ reference: `Patient/${patient.id}/_history/${patient.version}` })),
    recorded: instantOf(at),
    reason: [{ text: reason }],
    activity: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
          code: activity,
          display: activities[activity],
        },
      ],
    },
    agent: [{ who: by.includes('/') ? { reference: by, display: byName } : { display: byName } }],
  };
  const change = { type: 'Provenance', id, method: method.post, resource, isNew: true };
  return store.write(transaction, [change], { references: 'accept' });
}
