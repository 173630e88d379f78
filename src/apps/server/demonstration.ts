import { type Change, method, type Store } from '#fhir/store/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { directoryParameters } from '#modules/directory/index.ts';
import { generateRegion } from '#population/region.ts';
import { type DemonstrationRegion, findDemonstrationRegion, hasResources, saveDemonstrationRegion } from './queries.ts';

const seed = 1;
const residents = 200;
const batchSize = 500;

/**
 * Fills an empty store with the demonstration region, or goes on where a killed process left off: the same seed gives
 * the same resources, and what is there already stays as it is. Undefined when the store has other content.
 */
export async function loadDemonstration(
  pool: Pool,
  store: Store,
  today: string,
  onProgress: (resources: number) => void,
): Promise<DemonstrationRegion | undefined> {
  const found = await findDemonstrationRegion(pool);
  if (found?.isComplete) return found;
  if (
    !found &&
    (await hasResources(
      pool,
      directoryParameters.map(({ id }) => `${id}`),
    ))
  )
    return undefined;
  const region = found ?? { seed, residents, now: today, isComplete: false };
  await saveDemonstrationRegion(pool, region);
  let written = 0;
  for (const changes of batches(region)) {
    await store.commit(changes);
    written += changes.length;
    onProgress(written);
  }
  const complete = { ...region, isComplete: true };
  await saveDemonstrationRegion(pool, complete);
  return complete;
}

function* batches(region: DemonstrationRegion): Generator<Change[]> {
  let changes: Change[] = [];
  for (const resource of generateRegion(region)) {
    const { resourceType: type, id = '' } = resource;
    changes.push({ type, id, method: method.put, resource: resource as unknown as JsonObject });
    if (changes.length < batchSize) continue;
    yield changes;
    changes = [];
  }
  if (changes.length > 0) yield changes;
}
