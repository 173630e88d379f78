import { parseAgent } from '../event.ts';
import type { ReadEvent } from './queries.ts';

/** An event as a line of a list. */
export function printLine({ number, at, action, outcome, interaction, entities, patients, detail, agent }: ReadEvent) {
  const actor = agent === undefined ? undefined : parseAgent(agent);
  return {
    number,
    at: new Date(at / 1000).toISOString(),
    action,
    outcome,
    interaction,
    agent: actor?.reference ?? '',
    display: actor?.display ?? '',
    role: actor?.role ?? '',
    purpose: actor?.purpose ?? '',
    organization: actor?.organization,
    client: actor?.client,
    address: actor?.address,
    entities: entities === '' ? [] : entities.split(' '),
    patients: patients === '' ? [] : patients.split(' '),
    detail,
  };
}
