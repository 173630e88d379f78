import type { Pool } from '#lib/postgres/pool.ts';

export interface DemonstrationRegion {
  seed: number;
  residents: number;
  /** The date on which the region was generated, as 2026-11-25. */
  now: string;
  isComplete: boolean;
}

export async function findDemonstrationRegion(pool: Pool): Promise<DemonstrationRegion | undefined> {
  const { rows } = await pool.query(
    `select seed, residents, generated_for::text as now, is_complete as "isComplete"
     from meridian.demonstration_region`,
  );
  return rows[0] as DemonstrationRegion | undefined;
}

export async function saveDemonstrationRegion(pool: Pool, region: DemonstrationRegion): Promise<void> {
  await pool.query(
    `insert into meridian.demonstration_region (seed, residents, generated_for, is_complete)
     values ($1, $2, $3, $4)
     on conflict (seed) do update set is_complete = excluded.is_complete`,
    [region.seed, region.residents, region.now, region.isComplete],
  );
}

/** Whether there is anything but what every server stores by itself, under these ids. */
export async function hasResources(pool: Pool, own: readonly string[]): Promise<boolean> {
  const { rows } = await pool.query('select exists (select from fhir.resource where id <> all ($1)) as found', [own]);
  return (rows[0] as { found: boolean }).found;
}

export async function ping(pool: Pool): Promise<void> {
  await pool.query('select 1');
}
