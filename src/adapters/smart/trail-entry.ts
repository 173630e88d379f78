import type { TrailEntry } from '#fhir/access/index.ts';
import { type Principal, roles } from '#modules/access/index.ts';
import type { Authorization } from './queries.ts';

/** What somebody let an application do, or no longer lets it do. */
export function entryOf(
  { scopes: _, patient: __, purpose, ...actor }: Principal,
  { client, patient, scopes }: Pick<Authorization, 'client' | 'patient' | 'scopes'>,
  at: number,
  interaction: string,
): TrailEntry {
  return {
    actor: { ...actor, purpose: purpose ?? roles[actor.role], client },
    at,
    action: 'E',
    interaction,
    outcome: '0',
    entities: patient === null ? [] : [{ type: 'Patient', id: patient }],
    patients: patient === null ? [] : [patient],
    detail: `${client}: ${scopes.join(' ')}`,
  };
}
