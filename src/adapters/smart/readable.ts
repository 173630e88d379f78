import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { AccessModule, Principal } from '#modules/access/index.ts';

export interface ReadableDependencies {
  fhir: Pick<FhirContext, 'pool' | 'store' | 'search'>;
  access: Pick<AccessModule, 'accessOf'>;
}

/** A resource that somebody may read; `not-found` for any other, so that nobody learns which ids there are. */
export async function readAs(
  { fhir: { pool, store, search }, access }: ReadableDependencies,
  principal: Principal,
  type: string,
  id: string,
): Promise<JsonObject> {
  const { conditionOf } = await access.accessOf(principal);
  const row = await store.read(pool, type, id);
  if (row?.content) {
    const readable = await search.readable(pool, (name) => conditionOf('read', name), [{ rid: row.rid, type }]);
    if (readable.has(row.rid)) return JSON.parse(row.content) as JsonObject;
  }
  throw new Failure('not-found', `There is no ${type}/${id} that you may read.`);
}

/** An encounter, of that patient. */
export async function readEncounter(
  dependencies: ReadableDependencies,
  principal: Principal,
  id: string,
  patient: string | undefined,
): Promise<void> {
  const { subject } = await readAs(dependencies, principal, 'Encounter', id);
  const reference = (subject as { reference?: string } | undefined)?.reference;
  if (reference === `Patient/${patient}`) return;
  throw new Failure('value', `Encounter/${id} is not one of Patient/${patient}.`);
}
