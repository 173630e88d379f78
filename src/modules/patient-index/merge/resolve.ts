import type { Connection } from '#fhir/store/index.ts';
import { selectSuperseded, selectSurvivors } from './queries.ts';

/** Which Patient stands for each of these ids now; those that were not merged away are left out. */
export async function resolvePatients(connection: Connection, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  return new Map((await selectSurvivors(connection, ids)).map(({ id, survivor }) => [id, survivor]));
}

/** The Patient that stands for this id now: itself, unless it was merged into another. */
export async function resolvePatient(connection: Connection, id: string): Promise<string> {
  return (await resolvePatients(connection, [id])).get(id) ?? id;
}

/** Ids under which this Patient is known besides its own: what was merged into it, directly or through others. */
export const supersededBy = (connection: Connection, id: string): Promise<string[]> => selectSuperseded(connection, id);
