import type { FhirContext } from '#fhir/rest/index.ts';
import { installSearchParameters } from '#modules/directory/index.ts';
import { addDivisions, loadDivisions } from '#modules/division/index.ts';
import { parseDay } from '#population/dates.ts';
import { planRegion } from '#population/institutions/region-plan.ts';
import type { DemonstrationRegion } from './queries.ts';

/** The tree of divisions and what the directory searches by; at the first start, and after an update that has newer ones. */
export async function prepareDirectory(
  { pool, store }: Pick<FhirContext, 'pool' | 'store'>,
  region: DemonstrationRegion | undefined,
): Promise<void> {
  await loadDivisions(pool);
  if (region) await addDivisions(pool, 'demonstration', villagesOf(region));
  await installSearchParameters({ pool, store });
}

/** The villages of the demonstration region are its own: tables of codes end at the township. */
function villagesOf({ seed, residents, now }: DemonstrationRegion) {
  const { villages } = planRegion(seed, residents, parseDay(now));
  return villages.map(({ division, township }) => ({
    code: division.code,
    name: division.name.zh,
    parent: township.code,
  }));
}
